import type { ServerResponse } from 'node:http';
import type { ReplyHead } from '../observation/exchange.ts';
import { type ReadContentType, sentContent, sentHead } from './message-head.ts';

/** What the head of a reply that has left says. */
export type ReadReplyHead = (response: ServerResponse) => ReplyHead;

interface KnownHead {
  readonly text: string;
  readonly replyHead: ReplyHead;
}

/** Behind 'HTTP/1.1 '. */
const STATUS_AT = 9;

/**
 * Remembers the last two, mostly an answer's and a fault's: within a second a service's heads are the same to the letter, and to
 * compare them costs less than to look for two headers.
 */
export function createReplyHeadReader(readContentType: ReadContentType): ReadReplyHead {
  let last: KnownHead | null = null;
  let other: KnownHead | null = null;
  return (response) => {
    const text = sentHead(response);
    if (last !== null && last.text === text) return last.replyHead;
    if (other !== null && other.text === text) {
      [last, other] = [other, last];
      return last.replyHead;
    }
    const { type, encoding } = sentContent(response);
    const replyHead: ReplyHead = {
      // As it left, whatever was set afterwards.
      status: text === '' ? response.statusCode : Number(text.slice(STATUS_AT, STATUS_AT + 3)),
      contentType: readContentType(type ?? ''),
      compression: encoding?.toLowerCase() ?? null,
    };
    if (text === '') return replyHead;
    other = last;
    last = { text, replyHead };
    return replyHead;
  };
}

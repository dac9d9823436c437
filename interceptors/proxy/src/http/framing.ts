import type { MessageHead } from './message-head.ts';

/** How the body of a message ends (RFC 9112, section 6). */
export type Framing =
  | { readonly kind: 'length'; readonly bytes: number }
  | { readonly kind: 'chunked' }
  | { readonly kind: 'untilClose' }
  /** From here on the bytes are another protocol's. */
  | { readonly kind: 'tunnel' }
  /** Two readers could disagree: it is not watched any further. */
  | { readonly kind: 'ambiguous' };

const NO_BODY: Framing = { kind: 'length', bytes: 0 };
const CHUNKED: Framing = { kind: 'chunked' };
const UNTIL_CLOSE: Framing = { kind: 'untilClose' };
const TUNNEL: Framing = { kind: 'tunnel' };
const AMBIGUOUS: Framing = { kind: 'ambiguous' };

export function requestFraming(head: MessageHead): Framing {
  const { transferEncoding, contentLength } = head;
  // HTTP/2 with prior knowledge begins like a request.
  if (head.method === 'PRI') return AMBIGUOUS;
  if (transferEncoding === null) return lengthFraming(contentLength, NO_BODY);
  return isChunked(head) ? CHUNKED : AMBIGUOUS;
}

/** `method` is that of the request it answers. Informational replies (1xx, but 101) have no body and are not the answer. */
export function replyFraming(head: MessageHead, method: string): Framing {
  const { status, transferEncoding, contentLength } = head;
  if (status === 101 || (method === 'CONNECT' && status >= 200 && status < 300)) return TUNNEL;
  if (status < 200 || status === 204 || status === 304 || method === 'HEAD') return NO_BODY;
  if (transferEncoding === null) return lengthFraming(contentLength, UNTIL_CLOSE);
  return isChunked(head) ? CHUNKED : AMBIGUOUS;
}

/** Chunked beside a length, or in HTTP/1.0, is how requests are smuggled past one of two readers. */
const isChunked = ({ transferEncoding, contentLength, isHttp11 }: MessageHead): boolean =>
  isHttp11 && contentLength === null && transferEncoding !== null && /(^|, *)chunked$/.test(transferEncoding);

function lengthFraming(contentLength: number | null, otherwise: Framing): Framing {
  if (contentLength === null) return otherwise;
  return Number.isNaN(contentLength) ? AMBIGUOUS : { kind: 'length', bytes: contentLength };
}

/** Whether the connection serves another request after this one, as far as this head says. */
export const keepsAlive = ({ connection, isHttp11 }: MessageHead): boolean =>
  connection === null ? isHttp11 : !/\bclose\b/.test(connection) && (isHttp11 || /\bkeep-alive\b/.test(connection));

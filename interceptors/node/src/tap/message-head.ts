import type { OutgoingMessage } from 'node:http';
import { type ContentType, soapLikelihood } from '../envelope/content-type.ts';
import type { Target } from '../observation/exchange.ts';

/** The headers of a request that say whether it is SOAP and what it calls. */
export interface RequestHead {
  readonly method: string;
  readonly address: string | null;
  readonly path: string;
  readonly contentType: ContentType;
  readonly compression: string | null;
  readonly soapAction: string | null;
  readonly traceparent: string | null;
}

/** Null when the request is no SOAP message. */
export function targetOf(head: RequestHead): Target | null {
  if (head.method !== 'POST') return null;
  const { contentType } = head;
  const likelihood = soapLikelihood(contentType, head.soapAction !== null);
  if (likelihood === 'no') return null;
  return {
    address: head.address,
    path: head.path,
    contentType,
    compression: head.compression,
    soapAction: head.soapAction === null ? null : unquoted(head.soapAction),
    traceparent: head.traceparent,
    isCertain: likelihood === 'certain',
  };
}

export type ReadContentType = (header: string) => ContentType;

export const isNamed = (written: string, name: string): boolean => written === name || written.toLowerCase() === name;

/** A header of a message on its way out, also when it was given to writeHead() or as a list and Node keeps only its text. */
export function sentHeader(message: OutgoingMessage, name: string): string | null {
  const value = message.getHeader(name);
  return value === undefined ? headerIn(sentHead(message), name) : headerText(value);
}

/** What a message on its way out says of its body, as written. */
export interface SentContent {
  readonly type: string | null;
  readonly encoding: string | null;
}

/** Both in one look: each look at a head that is kept as text walks all of its lines. */
export function sentContent(message: OutgoingMessage): SentContent {
  const type = message.getHeader('content-type');
  // Once one header was set by name, all are kept by name.
  if (type === undefined) return contentIn(sentHead(message));
  const encoding = message.getHeader('content-encoding');
  return { type: headerText(type), encoding: encoding === undefined ? null : headerText(encoding) };
}

const headerText = (value: number | string | readonly string[]): string =>
  typeof value === 'string' ? value : Array.isArray(value) ? value.join(', ') : String(value);

/** As text; empty until it is made. */
export function sentHead(message: OutgoingMessage): string {
  const head: unknown = Reflect.get(message, '_header');
  return typeof head === 'string' ? head : '';
}

const COLON = 58;
const LOWER_C = 99;
const TYPE_LENGTH = 'content-type'.length;
const ENCODING_LENGTH = 'content-encoding'.length;

/** The first of that name, which is in lower case; line by line, since folding the case of a whole head costs more. */
function headerIn(head: string, name: string): string | null {
  const { length } = name;
  for (let at = head.indexOf('\n') + 1; at > 0; at = head.indexOf('\n', at) + 1) {
    if (head.charCodeAt(at + length) === COLON && isNamed(head.slice(at, at + length), name))
      return valueAt(head, at + length + 1);
  }
  return null;
}

function contentIn(head: string): SentContent {
  let type: string | null = null;
  let encoding: string | null = null;
  for (let at = head.indexOf('\n') + 1; at > 0; at = head.indexOf('\n', at) + 1) {
    if ((head.charCodeAt(at) | 0x20) !== LOWER_C) continue;
    if (head.charCodeAt(at + TYPE_LENGTH) === COLON) {
      if (isNamed(head.slice(at, at + TYPE_LENGTH), 'content-type')) type ??= valueAt(head, at + TYPE_LENGTH + 1);
    } else if (head.charCodeAt(at + ENCODING_LENGTH) === COLON) {
      if (isNamed(head.slice(at, at + ENCODING_LENGTH), 'content-encoding'))
        encoding ??= valueAt(head, at + ENCODING_LENGTH + 1);
    }
  }
  return { type, encoding };
}

const valueAt = (head: string, from: number): string => head.slice(from, head.indexOf('\r', from)).trim();

/** A SOAPAction without its quotes. */
export function unquoted(action: string): string {
  const text = action.trim();
  const quote = text.charAt(0);
  const isQuoted = text.length > 1 && (quote === '"' || quote === "'") && text.endsWith(quote);
  return isQuoted ? text.slice(1, -1) : text;
}

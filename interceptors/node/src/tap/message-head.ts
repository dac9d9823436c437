import type { IncomingMessage, OutgoingMessage } from 'node:http';
import { type ContentType, soapLikelihood } from '../envelope/content-type.ts';
import type { Target } from '../observation/exchange.ts';
import { pathOf } from './addresses.ts';

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

export function incomingHead(request: IncomingMessage, readContentType: ReadContentType): RequestHead {
  const { headers } = request;
  return {
    method: request.method ?? '',
    address: null,
    path: pathOf(request.url ?? ''),
    contentType: readContentType(headers['content-type'] ?? ''),
    compression: headers['content-encoding']?.trim().toLowerCase() ?? null,
    soapAction: text(headers.soapaction),
    traceparent: text(headers.traceparent),
  };
}

/** A header of a message on its way out, also when it was given to writeHead() or as a list and Node keeps only its text. */
export function sentHeader(message: OutgoingMessage, name: keyof typeof SENT): string | null {
  const value = message.getHeader(name);
  if (value !== undefined) return Array.isArray(value) ? value.join(', ') : String(value);
  const sent: unknown = Reflect.get(message, '_header');
  if (typeof sent !== 'string') return null;
  const found = SENT[name].exec(sent)?.[1];
  // Once one header was set by name, all are kept by name.
  return found === undefined || message.getHeaderNames().length > 0 ? null : found.trimEnd();
}

/** What each header looks like in the text of a head. */
const SENT = {
  host: /\r\nhost:[ \t]*([^\r]*)/i,
  'content-type': /\r\ncontent-type:[ \t]*([^\r]*)/i,
  'content-encoding': /\r\ncontent-encoding:[ \t]*([^\r]*)/i,
  soapaction: /\r\nsoapaction:[ \t]*([^\r]*)/i,
  traceparent: /\r\ntraceparent:[ \t]*([^\r]*)/i,
} as const;

/** A SOAPAction without its quotes. */
export function unquoted(action: string): string {
  const text = action.trim();
  const quote = text.charAt(0);
  const isQuoted = text.length > 1 && (quote === '"' || quote === "'") && text.endsWith(quote);
  return isQuoted ? text.slice(1, -1) : text;
}

const text = (value: string | string[] | undefined): string | null =>
  value === undefined ? null : Array.isArray(value) ? (value[0] ?? null) : value;

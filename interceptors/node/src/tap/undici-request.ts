import { absoluteTarget, authority, pathOf } from './addresses.ts';
import type { ReadContentType, RequestHead } from './message-head.ts';

/** undici's own request, whichever copy and version it comes from: nothing of it is taken for granted. */
export type UndiciRequest = object;

/** The object that a message on one of undici's channels carries under `name`. */
export function partOf(message: unknown, name: string): object | null {
  if (typeof message !== 'object' || message === null) return null;
  const part: unknown = Reflect.get(message, name);
  return typeof part === 'object' && part !== null ? part : null;
}

/** Origins remembered, so that none is parsed for each request. */
const ORIGINS_MAX = 256;

/** Reads what the headers of a request say, as it stands when it is created. */
export function createUndiciHeadReader(readContentType: ReadContentType): (request: UndiciRequest) => RequestHead {
  const addresses = new Map<string, string | null>();
  const addressOf = (origin: string): string | null => {
    const known = addresses.get(origin);
    if (known !== undefined) return known;
    const url = URL.canParse(origin) ? new URL(origin) : null;
    const address = url === null ? null : authority(url.host, url.protocol);
    if (addresses.size >= ORIGINS_MAX) addresses.clear();
    addresses.set(origin, address);
    return address;
  };
  return (request) => {
    const path = text(Reflect.get(request, 'path'));
    const origin: unknown = Reflect.get(request, 'origin');
    const headers: unknown = Reflect.get(request, 'headers');
    const contentType = headerOf(headers, 'content-type') ?? text(Reflect.get(request, 'contentType'));
    return {
      method: text(Reflect.get(request, 'method')),
      // A forward proxy is given the whole URL.
      address: addressOf(absoluteTarget(path)?.origin ?? (origin instanceof URL ? origin.origin : text(origin))),
      path: pathOf(path),
      contentType: readContentType(contentType),
      compression: headerOf(headers, 'content-encoding')?.trim().toLowerCase() ?? null,
      soapAction: headerOf(headers, 'soapaction'),
      traceparent: headerOf(headers, 'traceparent'),
    };
  };
}

/** Adds a header before they are sent; false when this copy has no way to. */
export function addHeader(request: UndiciRequest, name: string, value: string): boolean {
  const add: unknown = Reflect.get(request, 'addHeader');
  if (typeof add !== 'function') return false;
  Reflect.apply(add, request, [name, value]);
  return true;
}

/** Headers come as a flat list of names and values, as text or bytes, or (5.x, on their way out) as the text of the wire. */
export function headerOf(headers: unknown, name: string): string | null {
  if (typeof headers === 'string') return headerInText(headers, name);
  if (!Array.isArray(headers)) return null;
  for (let at = 0; at + 1 < headers.length; at += 2) {
    if (text(headers[at]).toLowerCase() !== name) continue;
    const value: unknown = headers[at + 1];
    return Array.isArray(value) ? value.map(text).join(', ') : text(value);
  }
  return null;
}

function headerInText(headers: string, name: string): string | null {
  const at = `\r\n${headers}`.toLowerCase().indexOf(`\r\n${name}:`);
  if (at < 0) return null;
  const end = headers.indexOf('\r\n', at);
  return headers.slice(at + name.length + 1, end < 0 ? headers.length : end).trim();
}

const text = (value: unknown): string =>
  typeof value === 'string' ? value : value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : '';

/** The client that undici keeps on its socket, under a symbol of its own; what else lies there is no dispatcher. */
export const dispatchersIn = (socket: object | null): unknown[] =>
  socket === null
    ? []
    : Object.getOwnPropertySymbols(socket)
        .map((symbol): unknown => Object.getOwnPropertyDescriptor(socket, symbol)?.value)
        .filter((value) => typeof value === 'object' && value !== null && 'dispatch' in value);

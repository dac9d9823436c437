/** What the first lines of an HTTP/1 message say, as far as it matters here. Texts are latin1, one character a byte. */
export interface MessageHead {
  /** The start line, without its end. */
  readonly startLine: string;
  readonly isHttp11: boolean;
  /** Request: the method. Reply: empty. */
  readonly method: string;
  /** Request: the target as sent. Reply: empty. */
  readonly target: string;
  /** Reply: the status. Request: 0. */
  readonly status: number;
  /** Null when there is none; NaN when it cannot be relied on: it is no number, or there are two that differ. */
  readonly contentLength: number | null;
  /** Lower case. */
  readonly transferEncoding: string | null;
  /** Lower case. */
  readonly connection: string | null;
  readonly hasUpgrade: boolean;
  readonly host: string | null;
  readonly contentType: string | null;
  readonly contentEncoding: string | null;
  readonly soapAction: string | null;
  readonly traceparent: string | null;
  readonly ping: string | null;
}

const REPLY_LINE = /^HTTP\/1\.([01]) (\d{3})(?: |$)/;
const REQUEST_LINE = /^([!#$%&'*+.^_`|~0-9A-Za-z-]{1,32}) (\S{1,65536}) HTTP\/1\.([01])$/;
/** Header lines read, at most: what has more is not watched. */
const LINES_MAX = 1_000;

/** `text` is the start line and the headers, with the empty line that ends them. Null: this is no HTTP/1 that is understood here. */
export function parseHead(text: string): MessageHead | null {
  const lineEnd = text.indexOf('\n');
  const startLine = text.slice(0, text.charCodeAt(lineEnd - 1) === CARRIAGE_RETURN ? lineEnd - 1 : lineEnd);
  const reply = startLine.startsWith('HTTP/') ? REPLY_LINE.exec(startLine) : null;
  const request = reply === null ? REQUEST_LINE.exec(startLine) : null;
  if (reply === null && request === null) return null;
  const head = {
    startLine,
    isHttp11: (reply?.[1] ?? request?.[3]) === '1',
    method: request?.[1] ?? '',
    target: request?.[2] ?? '',
    status: Number(reply?.[2] ?? 0),
    ...NO_HEADERS,
  };
  return readHeaders(text, lineEnd + 1, head) ? head : null;
}

type Writable<Type> = { -readonly [Name in keyof Type]: Type[Name] };

const CARRIAGE_RETURN = 13;
const NO_HEADERS: Omit<MessageHead, 'startLine' | 'isHttp11' | 'method' | 'target' | 'status'> = {
  contentLength: null,
  transferEncoding: null,
  connection: null,
  hasUpgrade: false,
  host: null,
  contentType: null,
  contentEncoding: null,
  soapAction: null,
  traceparent: null,
  ping: null,
};

/** False when a line is no header: then nothing of it is to be relied on. */
function readHeaders(text: string, from: number, head: Writable<MessageHead>): boolean {
  let at = from;
  for (let lines = 0; lines < LINES_MAX; lines++) {
    let end = text.indexOf('\n', at);
    if (end < 0) return false;
    if (end === at || (end === at + 1 && text.charCodeAt(at) === CARRIAGE_RETURN)) return true;
    const colon = text.indexOf(':', at);
    // A blank before the colon is read by some as part of the name and by others not.
    if (colon <= at || colon > end || text.charCodeAt(colon - 1) <= 32 || text.charCodeAt(at) <= 32) return false;
    while (isBlank(text.charCodeAt(end + 1))) {
      end = text.indexOf('\n', end + 1);
      if (end < 0) return false;
    }
    noteHeader(text, at, colon, end, head);
    at = end + 1;
  }
  return false;
}

/** Folded lines go on with a blank. */
const isBlank = (code: number): boolean => code === 32 || code === 9;

/** By the length of the name first: most headers matter to nobody here, and cost a comparison of numbers. */
function noteHeader(text: string, at: number, colon: number, end: number, head: Writable<MessageHead>): void {
  switch (colon - at) {
    case 4:
      if (isNamed(text, at, colon, 'host')) head.host ??= headerValue(text, colon, end);
      break;
    case 7:
      if (isNamed(text, at, colon, 'upgrade')) head.hasUpgrade = true;
      break;
    case 10:
      if (isNamed(text, at, colon, 'soapaction')) head.soapAction ??= headerValue(text, colon, end);
      else if (isNamed(text, at, colon, 'connection'))
        head.connection = joined(head.connection, headerValue(text, colon, end));
      break;
    case 11:
      if (isNamed(text, at, colon, 'traceparent')) head.traceparent ??= headerValue(text, colon, end);
      break;
    case 12:
      if (isNamed(text, at, colon, 'content-type')) head.contentType ??= headerValue(text, colon, end);
      break;
    case 14:
      if (isNamed(text, at, colon, 'content-length'))
        head.contentLength = lengthOf(headerValue(text, colon, end), head.contentLength);
      break;
    case 16:
      if (isNamed(text, at, colon, 'content-encoding')) head.contentEncoding ??= headerValue(text, colon, end);
      break;
    case 17:
      if (isNamed(text, at, colon, 'transfer-encoding'))
        head.transferEncoding = joined(head.transferEncoding, headerValue(text, colon, end));
      break;
    case 18:
      if (isNamed(text, at, colon, 'x-soa-monitor-ping')) head.ping ??= headerValue(text, colon, end);
      break;
    default:
  }
}

function isNamed(text: string, at: number, colon: number, name: string): boolean {
  // Most names can be told apart by their first letter.
  if ((text.charCodeAt(at) | 32) !== name.charCodeAt(0)) return false;
  return text.slice(at, colon).toLowerCase() === name;
}

function headerValue(text: string, colon: number, end: number): string {
  const value = text.slice(colon + 1, end).trim();
  return value.includes('\n') ? value.replace(/\r?\n[ \t]+/g, ' ') : value;
}

function lengthOf(value: string, before: number | null): number {
  const length = /^\d{1,15}$/.test(value) ? Number(value) : Number.NaN;
  return before === null || before === length ? length : Number.NaN;
}

const joined = (before: string | null, value: string): string =>
  before === null ? value.toLowerCase() : `${before}, ${value.toLowerCase()}`;

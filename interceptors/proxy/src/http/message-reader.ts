import type { Framing } from './framing.ts';
import { findHeadEnd } from './head-end.ts';
import { type MessageHead, parseHead } from './message-head.ts';

/**
 * `more`: the piece is used up. `head`: `head` holds it, and the reader waits to be told the framing. `body`: the piece from
 * `from` to `at` is content, chunk framing left out. `end`: the message is whole. `confused`: this is no HTTP/1 that can be
 * followed; nothing more is found.
 */
export type Found = 'more' | 'head' | 'body' | 'end' | 'confused';

/** Finds the messages in one direction of a connection, piece by piece, however the bytes are cut. It keeps no body. */
export interface MessageReader {
  /** Reads on at `at`; where it stopped stands in `at`. Call again until it finds no more. */
  next(piece: Buffer, at: number): Found;
  readonly at: number;
  readonly from: number;
  readonly head: MessageHead | null;
  /** The head as it stood on the wire, in latin1. */
  readonly text: string;
  /** The bytes of a head that came in earlier pieces, and with `head` all of it; null when it stands in one piece. */
  gathered(): Buffer | null;
  /** Whether a head has begun and is not whole. */
  isInHead(): boolean;
  /** Between two messages. */
  isIdle(): boolean;
  /** After `head`. */
  frame(framing: Framing): void;
  /** The other side has sent its last byte: `end` where that ends a message, `more` between two, else `confused`. */
  finish(): Found;
}

/** A longer head is not watched; its bytes pass all the same. */
export const HEAD_BYTES_MAX = 64 * 1024;
/** Kept for the life of a connection, at most. */
const REMEMBERED_BYTES_MAX = 4_096;
const CHUNK_LINE_MAX = 4_096;
const TRAILER_BYTES_MAX = 64 * 1024;
/** 2^52 and more is no length. */
const SIZE_DIGITS_MAX = 13;
const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;

type State = 'head' | 'framing' | 'length' | 'size' | 'data' | 'dataEnd' | 'trailer' | 'close' | 'ended' | 'lost';

export function createMessageReader(): MessageReader {
  let state: State = 'head';
  /** Of the body or of this chunk, still to come. */
  let remaining = 0;
  /** Of the line or section being read. */
  let length = 0;
  let digits = 0;
  let isLineEmpty = true;
  let isExtension = false;
  let partial: Buffer = EMPTY;
  let partialBytes = 0;
  /** Callers say the same over and over: a head equal to the last is not looked at again. */
  let last: Buffer = EMPTY;

  const confused = (at: number): Found => {
    state = 'lost';
    reader.at = at;
    return 'confused';
  };

  const found = (what: Found, at: number, next: State): Found => {
    state = next;
    reader.at = at;
    return what;
  };

  const readHead = (piece: Buffer, at: number): Found => {
    let from = at;
    // Empty lines before a start line are allowed, and mean nothing.
    if (partialBytes === 0) while (from < piece.length && isLineEnd(piece[from])) from++;
    if (from === piece.length) return found('more', from, 'head');
    const again = from + last.length;
    if (partialBytes === 0 && last.length > 0 && again <= piece.length && isSame(piece, from)) {
      reader.from = from;
      return found('head', again, 'framing');
    }
    const end = findHeadEnd(partial, partialBytes, piece, from);
    if (partialBytes + (end < 0 ? piece.length : end) - from > HEAD_BYTES_MAX) return confused(at);
    if (end < 0 || partialBytes > 0) gather(piece, from, end < 0 ? piece.length : end);
    if (end < 0) return found('more', piece.length, 'head');
    const bytes = partialBytes > 0 ? partial.subarray(0, partialBytes) : piece.subarray(from, end);
    reader.text = bytes.toString('latin1');
    reader.head = parseHead(reader.text);
    reader.from = from;
    last = bytes.length > REMEMBERED_BYTES_MAX ? EMPTY : Buffer.from(bytes);
    return reader.head === null ? confused(at) : found('head', end, 'framing');
  };

  const isSame = (piece: Buffer, from: number): boolean =>
    piece.compare(last, 0, last.length, from, from + last.length) === 0;

  const gather = (piece: Buffer, from: number, to: number): void => {
    const needed = partialBytes + to - from;
    if (needed > partial.length) {
      const larger = Buffer.allocUnsafe(Math.max(needed, 2 * partial.length, 256));
      partial.copy(larger, 0, 0, partialBytes);
      partial = larger;
    }
    piece.copy(partial, partialBytes, from, to);
    partialBytes = needed;
  };

  const readBytes = (piece: Buffer, at: number, atEnd: State, whenWhole: Found): Found => {
    if (remaining === 0) return found(whenWhole, at, atEnd);
    if (at === piece.length) return found('more', at, state);
    const to = Math.min(piece.length, at + remaining);
    remaining -= to - at;
    reader.from = at;
    return found('body', to, state);
  };

  /** Hexadecimal digits, then whatever extension, to the end of the line. */
  const readSize = (piece: Buffer, at: number): Found => {
    let i = at;
    for (; i < piece.length; i++) {
      const byte = piece[i] ?? 0;
      if (++length > CHUNK_LINE_MAX) return confused(i);
      if (byte === LINE_FEED) {
        if (digits === 0) return confused(i);
        length = 0;
        isLineEmpty = true;
        return found('more', i + 1, remaining === 0 ? 'trailer' : 'data');
      }
      const digit = isExtension ? -1 : hexDigit(byte);
      if (digit >= 0) {
        if (++digits > SIZE_DIGITS_MAX) return confused(i);
        remaining = remaining * 16 + digit;
      } else if (byte === 59 || byte === 32 || byte === 9) isExtension = true;
      else if (!isExtension && byte !== CARRIAGE_RETURN) return confused(i);
      else if (byte === CARRIAGE_RETURN) isExtension = true;
    }
    return found('more', i, 'size');
  };

  const readDataEnd = (piece: Buffer, at: number): Found => {
    for (let i = at; i < piece.length; i++) {
      const byte = piece[i];
      if (byte === LINE_FEED) {
        beginSize();
        return found('more', i + 1, 'size');
      }
      if (byte !== CARRIAGE_RETURN || ++length > 1) return confused(i);
    }
    return found('more', piece.length, 'dataEnd');
  };

  const readTrailer = (piece: Buffer, at: number): Found => {
    for (let i = at; i < piece.length; i++) {
      if (++length > TRAILER_BYTES_MAX) return confused(i);
      const byte = piece[i];
      if (byte === LINE_FEED) {
        if (isLineEmpty) return found('end', i + 1, 'ended');
        isLineEmpty = true;
      } else if (byte !== CARRIAGE_RETURN) isLineEmpty = false;
    }
    return found('more', piece.length, 'trailer');
  };

  const beginSize = (): void => {
    remaining = 0;
    length = 0;
    digits = 0;
    isExtension = false;
  };

  const beginHead = (): void => {
    state = 'head';
    // Large heads are rare: their memory is not kept for the connection's life.
    if (partial.length > REMEMBERED_BYTES_MAX) partial = EMPTY;
    partialBytes = 0;
  };

  const step = (piece: Buffer, at: number): Found => {
    switch (state) {
      case 'head':
        return readHead(piece, at);
      case 'length':
        return readBytes(piece, at, 'ended', 'end');
      case 'size':
        return readSize(piece, at);
      case 'data':
        return readBytes(piece, at, 'dataEnd', 'more');
      case 'dataEnd':
        return readDataEnd(piece, at);
      case 'trailer':
        return readTrailer(piece, at);
      case 'close':
        if (at === piece.length) return found('more', at, 'close');
        reader.from = at;
        return found('body', piece.length, 'close');
      default:
        return confused(at);
    }
  };

  const reader: { -readonly [Name in keyof MessageReader]: MessageReader[Name] } = {
    at: 0,
    from: 0,
    head: null,
    text: '',
    next: (piece: Buffer, at: number): Found => {
      if (state === 'ended') beginHead();
      let what = step(piece, at);
      // `more` before the piece is used up: one state led to another.
      while (what === 'more' && reader.at < piece.length) what = step(piece, reader.at);
      return what;
    },
    gathered: () => (partialBytes === 0 ? null : partial.subarray(0, partialBytes)),
    isInHead: () => state === 'head' && partialBytes > 0,
    isIdle: () => state === 'ended' || (state === 'head' && partialBytes === 0),
    frame: (framing: Framing): void => {
      partialBytes = 0;
      beginSize();
      if (framing.kind === 'length') {
        remaining = framing.bytes;
        state = 'length';
      } else state = framing.kind === 'chunked' ? 'size' : framing.kind === 'untilClose' ? 'close' : 'lost';
    },
    finish: (): Found => {
      if (state === 'close') return found('end', 0, 'ended');
      return reader.isIdle() ? 'more' : confused(0);
    },
  };
  return reader;
}

const EMPTY = Buffer.alloc(0);
const isLineEnd = (byte: number | undefined): boolean => byte === LINE_FEED || byte === CARRIAGE_RETURN;

function hexDigit(byte: number): number {
  if (byte >= 48 && byte <= 57) return byte - 48;
  const letter = byte | 32;
  return letter >= 97 && letter <= 102 ? letter - 87 : -1;
}

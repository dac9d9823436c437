import { HELD_BYTES_MAX, type HeldBody, heldPrefix } from '../observation/held-body.ts';
import type { ContentType } from './content-type.ts';
import { type Encoding, encodingOf, markupText } from './decode-text.ts';
import { inflatePrefix } from './inflate.ts';
import { findRootPart } from './root-part.ts';
import { type EnvelopeScan, scanEnvelope } from './scan-envelope.ts';

export interface ReadMessage {
  readonly scan: EnvelopeScan;
  readonly encoding: Encoding;
}

/** The XML of a message as far as it is held; `isWhole` when it is all of it. */
export interface MessageText {
  readonly text: string;
  readonly isWhole: boolean;
  readonly encoding: Encoding;
  readonly bytes: Uint8Array;
}

/** Nearly every envelope is decided in so many bytes; the rest is read in twice as many, and so on. */
const FIRST_READ_BYTES = 4_096;

/** Null: nothing readable (an empty body, a compression or transfer encoding we do not know). */
export function readMessage(body: HeldBody, type: ContentType, compression: string | null): ReadMessage | null {
  let read: ReadMessage | null = null;
  for (let size = FIRST_READ_BYTES; ; size *= 2) {
    const message = messageText(body, type, compression, size);
    if (message !== null) read = { scan: scanEnvelope(message.text, message.isWhole), encoding: message.encoding };
    if (read?.scan.isDecided || size >= Math.min(body.held, HELD_BYTES_MAX)) return read;
  }
}

export function messageText(
  body: HeldBody,
  type: ContentType,
  compression: string | null,
  size: number,
): MessageText | null {
  if (body.held === 0) return null;
  const prefix = heldPrefix(body, size);
  const isWhole = prefix.byteLength === body.bytes;
  const isPlain = compression === null || compression === '' || compression === 'identity';
  const inflated = isPlain ? prefix : inflatePrefix(prefix, compression);
  if (inflated === null || inflated.byteLength === 0) return null;
  const bytes = isPlain ? inflated : inflated.subarray(0, HELD_BYTES_MAX);
  const isAll = isWhole && bytes.byteLength === inflated.byteLength;
  if (type.boundary === null || !type.mediaType.startsWith('multipart/')) return textOf(bytes, type.charset, isAll);
  const part = findRootPart(markupText(bytes, 'latin1'), type.boundary, type.start, isAll);
  return part === null ? null : textOf(bytes.subarray(part.from, part.to), part.contentType.charset, part.isWhole);
}

function textOf(bytes: Uint8Array, charset: string | null, isWhole: boolean): MessageText {
  const encoding = encodingOf(bytes, charset);
  return { text: markupText(bytes, encoding), isWhole, encoding, bytes };
}

import { HELD_BYTES_MAX, type HeldBody, heldPrefix } from '../observation/held-body.ts';
import { type ContentType, isMultipart } from './content-type.ts';
import { type Encoding, encodingOf, isEncodingSure, markupText } from './decode-text.ts';
import { inflatePrefix, isCompressed, SAFE_BYTES } from './inflate.ts';
import { findRootPart } from './root-part.ts';
import {
  createEnvelopeReader,
  type EnvelopeReader,
  type EnvelopeScan,
  endEnvelope,
  feedEnvelope,
} from './scan-envelope.ts';

export interface ReadMessage {
  readonly scan: EnvelopeScan;
  readonly encoding: Encoding;
}

/** Reads the message of a body, as far as it is held; asked again when more is held, it goes on from where it was. */
export interface MessageReader {
  readonly type: ContentType;
  readonly compression: string | null;
  readonly envelope: EnvelopeReader;
  encoding: Encoding | null;
  /** Bytes of the XML that were read. */
  readBytes: number;
  /** Bytes of the body that are looked at next. */
  size: number;
}

/** Nearly every envelope is decided in so many bytes; the rest is read in twice as many, and so on. */
const FIRST_READ_BYTES = 4_096;

export const createMessageReader = (type: ContentType, compression: string | null): MessageReader => ({
  type,
  compression,
  envelope: createEnvelopeReader(),
  encoding: null,
  readBytes: 0,
  size: isCompressed(compression) ? SAFE_BYTES : FIRST_READ_BYTES,
});

/**
 * Null: nothing readable (an empty body, a compression or transfer encoding we do not know). `isComplete`: no more comes, so
 * what is held of a small body is all of it.
 */
export function readMessage(
  body: HeldBody,
  type: ContentType,
  compression: string | null,
  isComplete = true,
): ReadMessage | null {
  return body.held === 0 ? null : readOn(createMessageReader(type, compression), body, isComplete);
}

export function readOn(reader: MessageReader, body: HeldBody, isComplete: boolean): ReadMessage | null {
  const { envelope } = reader;
  const { scan } = envelope;
  for (; !scan.isDecided; reader.size *= 2) {
    const xml = xmlOf(body, reader.type, reader.compression, reader.size, isComplete);
    if (xml !== null) readXml(reader, xml);
    if (reader.size >= Math.min(body.held, HELD_BYTES_MAX) || reader.readBytes >= HELD_BYTES_MAX) break;
  }
  return reader.encoding === null ? null : { scan, encoding: reader.encoding };
}

function readXml(reader: MessageReader, { bytes, charset, isWhole }: Xml): void {
  // A byte order mark, or a declaration cut off, says nothing yet.
  if (reader.encoding === null && !isWhole && !isEncodingSure(bytes)) return;
  reader.encoding ??= encodingOf(bytes, charset);
  const isWide = reader.encoding === 'utf16le' || reader.encoding === 'utf16be';
  const end = isWide ? bytes.byteLength - (bytes.byteLength % 2) : bytes.byteLength;
  if (end > reader.readBytes) {
    const fresh = reader.readBytes === 0 ? bytes : bytes.subarray(reader.readBytes, end);
    feedEnvelope(reader.envelope, markupText(fresh, reader.encoding));
    reader.readBytes = end;
  }
  if (isWhole) endEnvelope(reader.envelope);
}

/** The XML of a message as far as it is held; `isWhole` when it is all of it. */
interface Xml {
  readonly bytes: Uint8Array;
  readonly charset: string | null;
  readonly isWhole: boolean;
}

function xmlOf(
  body: HeldBody,
  type: ContentType,
  compression: string | null,
  size: number,
  isComplete: boolean,
): Xml | null {
  const prefix = heldPrefix(body, size);
  const isWhole = isComplete && prefix.byteLength === body.bytes;
  const inflated = isCompressed(compression) ? inflatePrefix(prefix, compression) : prefix;
  if (inflated === null || inflated.byteLength === 0) return null;
  const bytes = inflated === prefix ? inflated : inflated.subarray(0, HELD_BYTES_MAX);
  const isAll = isWhole && bytes.byteLength === inflated.byteLength;
  const { boundary, start } = type;
  if (boundary === null || !isMultipart(type)) return { bytes, charset: type.charset, isWhole: isAll };
  const part = findRootPart(markupText(bytes, 'latin1'), boundary, start, isAll, type.type);
  if (part === null) return null;
  return { bytes: bytes.subarray(part.from, part.to), charset: part.contentType.charset, isWhole: part.isWhole };
}

/** The XML of a message as characters of its markup. */
export interface MessageText {
  readonly text: string;
  readonly isWhole: boolean;
  readonly encoding: Encoding;
  readonly bytes: Uint8Array;
}

/** What is held of a message, for those who look at it otherwise. */
export function messageText(
  body: HeldBody,
  type: ContentType,
  compression: string | null,
  size: number,
): MessageText | null {
  const xml = body.held === 0 ? null : xmlOf(body, type, compression, size, true);
  if (xml === null) return null;
  const encoding = encodingOf(xml.bytes, xml.charset);
  return { text: markupText(xml.bytes, encoding), isWhole: xml.isWhole, encoding, bytes: xml.bytes };
}

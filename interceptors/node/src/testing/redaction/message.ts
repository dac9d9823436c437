import { brotliCompressSync, constants, deflateSync, gzipSync } from 'node:zlib';
import { type ContentType, parseContentType } from '../../envelope/content-type.ts';
import { createHeldBody, type HeldBody, holdChunk } from '../../observation/held-body.ts';
import { type Planting, plantPiece, unknownSecurity } from './plant.ts';
import type { Random } from './random.ts';
import type { Secret } from './secrets.ts';

/** A body as the taps hold it, and what was planted in it. */
export interface GeneratedMessage {
  /** `whole`: readable to its end. `cut`: only its beginning is held. `broken`: nothing of it may be believed. */
  readonly kind: 'whole' | 'cut' | 'broken';
  readonly body: HeldBody;
  /** The same message with nothing cut off. */
  readonly uncut: HeldBody;
  readonly isComplete: boolean;
  readonly type: ContentType;
  readonly compression: string | null;
  readonly secrets: readonly Secret[];
  readonly harmless: readonly string[];
}

interface Wire {
  readonly bytes: Buffer;
  readonly contentType: string;
  readonly compression: string | null;
}

export function generateMessage(random: Random): GeneratedMessage {
  const planting: Planting = { random, secrets: [], harmless: [], nesting: 0 };
  const text = envelope(planting);
  const isBroken = random.chance(0.07);
  const wire = encode(random, isBroken ? broken(random, text) : text, isBroken);
  const uncut = held(random, wire.bytes, wire.bytes.byteLength);
  const isCut = random.chance(0.3);
  const length = isCut ? random.below(wire.bytes.byteLength) : wire.bytes.byteLength;
  const body = isCut ? held(random, wire.bytes.subarray(0, length), wire.bytes.byteLength) : uncut;
  // What is larger than what is held at most is cut by itself.
  const isWhole = body.held === body.bytes;
  return {
    kind: isBroken ? 'broken' : isWhole ? 'whole' : 'cut',
    body,
    uncut,
    isComplete: !isCut || random.chance(0.5),
    type: parseContentType(wire.contentType),
    compression: wire.compression,
    secrets: planting.secrets,
    harmless: planting.harmless,
  };
}

function envelope(planting: Planting): string {
  const { random } = planting;
  const soap = random.pick(['http://schemas.xmlsoap.org/soap/envelope/', 'http://www.w3.org/2003/05/soap-envelope']);
  const s = random.pick(['s', 'soap', 'SOAP-ENV', 'env']);
  const gap = random.pick(['', '', '\n  ', '\r\n']);
  const headers: string[] = [];
  if (random.chance(0.6)) headers.push(plantPiece(planting));
  if (random.chance(0.1)) headers.push(unknownSecurity(planting));
  const pieces: string[] = [];
  for (let i = random.below(4); i >= 0; i--) pieces.push(plantPiece(planting));
  if (random.chance(0.004)) pieces.splice(random.below(pieces.length + 1), 0, padding(random));
  const header = headers.length === 0 ? '' : `${gap}<${s}:Header>${headers.join(gap)}</${s}:Header>`;
  return `<${s}:Envelope xmlns:${s}="${soap}">${header}${gap}<${s}:Body><call xmlns="urn:call">${gap}${pieces.join(gap)}</call></${s}:Body>${gap}</${s}:Envelope>`;
}

/** More than the 64 KB that are held. */
function padding(random: Random): string {
  return random.pick([
    `<pad>${'long '.repeat(14_000)}</pad>`,
    '<i>one</i>'.repeat(7_000),
    `<!--${' '.repeat(70_000)}-->`,
    `<![CDATA[${'x'.repeat(66_000)}]]>`,
  ]);
}

const broken = (random: Random, text: string): string =>
  random.pick([
    `<!DOCTYPE a [<!ENTITY e "x">]>${text}`,
    text.replace('</call>', '&nope;</call>'),
    text.slice(0, text.lastIndexOf('<')),
    text.replace('</call>', '<a></b></call>'),
    text.replace('<call', '<und:call x:y="1"'),
    `${text}<more/>`,
    text.replace('</call>', '<![CDATA[</call>'),
    text.replace('<call', '<call x=y'),
  ]);

function encode(random: Random, text: string, isBroken: boolean): Wire {
  const charset = random.pick(['utf-8', 'utf-8', 'utf-8', 'utf-16le', 'utf-16be', 'iso-8859-1', 'windows-1252']);
  const isDeclared = random.chance(0.5);
  const xml = isDeclared ? `<?xml version="1.0" encoding="${charset.replace(/[lb]e$/, '')}"?>${text}` : text;
  const isUtf16 = charset.startsWith('utf-16');
  const mark = isUtf16 || (charset === 'utf-8' && random.chance(0.2)) ? '\ufeff' : '';
  let bytes = toBytes(mark + xml, charset);
  const named = isUtf16 || (isDeclared && random.chance(0.5)) ? '' : `; charset=${charset}`;
  let contentType = `text/xml${isBroken && random.chance(0.2) ? '; charset=utf-7' : named}`;
  if (random.chance(0.12)) ({ bytes, contentType } = multipart(random, bytes, contentType));
  const compression = random.chance(0.8) ? null : random.pick(['gzip', 'gzip', 'deflate', 'br']);
  if (compression === 'gzip') bytes = gzipSync(bytes, { level: 1 });
  else if (compression === 'deflate') bytes = deflateSync(bytes, { level: 1 });
  else if (compression === 'br') bytes = brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 0 } });
  return { bytes, contentType, compression };
}

function toBytes(text: string, charset: string): Buffer {
  if (charset === 'utf-8') return Buffer.from(text, 'utf8');
  if (charset === 'utf-16le') return Buffer.from(text, 'utf16le');
  if (charset === 'utf-16be') return Buffer.from(text, 'utf16le').swap16();
  return Buffer.from(text, 'latin1');
}

function multipart(random: Random, bytes: Buffer, contentType: string): { bytes: Buffer; contentType: string } {
  const boundary = `b-${random.word(10)}`;
  const transfer = random.pick(['', '\r\nContent-Transfer-Encoding: binary', '\r\ncontent-transfer-encoding: 8bit']);
  const root = `\r\nContent-Type: ${contentType}\r\nContent-ID: <root@x>${transfer}\r\n\r\n`;
  const other = `\r\nContent-Type: application/octet-stream\r\nContent-ID: <other@x>\r\n\r\n`;
  const isFirst = random.chance(0.6);
  const rootPart = [Buffer.from(`--${boundary}${root}`), bytes, Buffer.from('\r\n')];
  const otherPart = [Buffer.from(`--${boundary}${other}`), Buffer.alloc(random.below(200), 7), Buffer.from('\r\n')];
  const parts = isFirst ? [...rootPart, ...otherPart] : [...otherPart, ...rootPart];
  const start = isFirst && random.chance(0.5) ? '' : '; start="<root@x>"';
  return {
    bytes: Buffer.concat([...parts, Buffer.from(`--${boundary}--\r\n`)]),
    contentType: `multipart/related; type="text/xml"; boundary="${boundary}"${start}`,
  };
}

/** As it arrives: in one chunk, in several, or dripping. */
function held(random: Random, bytes: Buffer, total: number): HeldBody {
  const body = createHeldBody();
  const way = random.below(4);
  const step = way === 0 ? bytes.byteLength : way === 3 ? 1 + random.below(7) : 1 + random.below(bytes.byteLength + 1);
  for (let at = 0; at < bytes.byteLength; at += step) holdChunk(body, bytes.subarray(at, at + step), undefined);
  body.bytes = total;
  return body;
}

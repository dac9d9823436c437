import type { ContentType } from '../envelope/content-type.ts';
import { inflatePrefix } from '../envelope/inflate.ts';
import { findRootPart } from '../envelope/root-part.ts';
import { HELD_BYTES_MAX, type HeldBody, heldPrefix } from '../observation/held-body.ts';
import { decodeStrictly } from './decode-strictly.ts';

/** A message's XML as characters, as far as it is held; or why it cannot be had. */
export type BodyText =
  | { readonly kind: 'text'; readonly text: string; readonly isWhole: boolean }
  | { readonly kind: 'withheld'; readonly reason: string };

const withheld = (reason: string): BodyText => ({ kind: 'withheld', reason });

/** `isComplete`: the message's end was seen. */
export function bodyText(body: HeldBody, type: ContentType, compression: string | null, isComplete: boolean): BodyText {
  const prefix = heldPrefix(body, HELD_BYTES_MAX);
  const isPlain = compression === null || compression === '' || compression === 'identity';
  const inflated = isPlain ? prefix : inflatePrefix(prefix, compression);
  if (inflated === null) return withheld('its compression cannot be read');
  const bytes = inflated.subarray(0, HELD_BYTES_MAX);
  const isWhole = isComplete && prefix.byteLength === body.bytes && bytes.byteLength === inflated.byteLength;
  if (!type.mediaType.startsWith('multipart/')) return textOf(bytes, type.charset, isWhole);
  if (type.boundary === null || type.boundary === '') return withheld('its multipart boundary is not given');
  const parts = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  const root = findRootPart(parts, type.boundary, type.start, isWhole);
  if (root === null || isTransferEncoded(parts, type.boundary, root.from)) {
    return withheld('its multipart root cannot be found or read');
  }
  return textOf(bytes.subarray(root.from, root.to), root.contentType.charset, root.isWhole);
}

function textOf(bytes: Uint8Array, charset: string | null, isWhole: boolean): BodyText {
  const text = decodeStrictly(bytes, charset, isWhole);
  return text === null ? withheld('its encoding is unknown or broken') : { kind: 'text', text, isWhole };
}

/** Whether the part's headers name a transfer encoding that is more than its bytes as they are. */
function isTransferEncoded(parts: string, boundary: string, from: number): boolean {
  const head = parts.slice(parts.lastIndexOf(`--${boundary}`, from), from).replace(/\r?\n[ \t]+/g, ' ');
  const encoding = /^content-transfer-encoding[ \t]*:(.*)$/im.exec(head)?.[1]?.trim().toLowerCase();
  return encoding !== undefined && !/^(?:7bit|8bit|binary)$/.test(encoding);
}

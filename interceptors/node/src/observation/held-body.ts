import type { Hmac } from 'node:crypto';
import { createPartCounter, feedParts, mayHaveParts, type PartCounter } from '../envelope/count-parts.ts';

/** A body's first bytes, by reference, and the count of all of them as they stood on the wire. */
export interface HeldBody {
  bytes: number;
  held: number;
  chunks: readonly (string | Uint8Array)[];
  /** Where small chunks are gathered when there are too many of them to keep each. */
  slab: Uint8Array | null;
  /** Fed with every byte, where a hash was asked for. */
  hash: Hmac | null;
  /** Fed with every byte of a body that may have several parts. */
  parts: PartCounter | null;
}

/** So much of a body is held for the scan, at most. */
export const HELD_BYTES_MAX = 64 * 1024;
/** A body dripped in tiny chunks would cost more in chunk objects than in bytes. */
const HELD_CHUNKS_MAX = 32;
/** A chunk larger than this is not kept alive for the sake of its beginning: the beginning is copied. */
const SHARED_CHUNK_MAX = 4 * HELD_BYTES_MAX;

/** Of a body that holds none. Most hold one: a list of just that is a tenth of what a list that grows takes. */
const NO_CHUNKS: readonly (string | Uint8Array)[] = [];

export const createHeldBody = (): HeldBody => ({
  bytes: 0,
  held: 0,
  chunks: NO_CHUNKS,
  slab: null,
  hash: null,
  parts: null,
});

/** True when the chunk brought at least one byte. Anything that is no chunk is not counted: Node will throw on it. */
export function holdChunk(body: HeldBody, chunk: unknown, encoding: unknown): boolean {
  if (typeof chunk === 'string') {
    const named = typeof encoding === 'string' && Buffer.isEncoding(encoding) ? encoding : 'utf8';
    const isUtf8 = named === 'utf8' || named === 'utf-8';
    const size = Buffer.byteLength(chunk, named);
    if (body.hash !== null) body.hash.update(isUtf8 ? chunk : Buffer.from(chunk, named));
    if (body.bytes === 0 && mayHaveParts(chunk.charCodeAt(0))) body.parts = createPartCounter();
    if (body.parts !== null) feedParts(body.parts, Buffer.from(chunk, named));
    const kept = body.held < HELD_BYTES_MAX;
    if (kept) hold(body, isUtf8 ? chunk : Buffer.from(chunk, named), size);
    body.bytes += size;
    return size > 0;
  }
  if (!(chunk instanceof Uint8Array)) return false;
  if (body.hash !== null) body.hash.update(chunk);
  if (body.bytes === 0 && mayHaveParts(chunk[0] ?? 0)) body.parts = createPartCounter();
  if (body.parts !== null) feedParts(body.parts, chunk);
  if (body.held < HELD_BYTES_MAX) hold(body, chunk, chunk.byteLength);
  body.bytes += chunk.byteLength;
  return chunk.byteLength > 0;
}

/** The first `size` bytes, or all that is held when it is less. */
export function heldPrefix(body: HeldBody, size: number): Uint8Array {
  const length = Math.min(size, body.held);
  const only = body.chunks.length === 1 ? body.chunks[0] : undefined;
  if (body.slab !== null) return body.slab.subarray(0, length);
  if (only instanceof Uint8Array) return only.subarray(0, length);
  if (only !== undefined) return Buffer.from(only.slice(0, length), 'utf8').subarray(0, length);
  const prefix = new Uint8Array(length);
  let at = 0;
  for (const chunk of body.chunks) {
    if (at >= length) break;
    at += put(prefix, at, chunk);
  }
  return prefix;
}

/** Lets go of the bytes; the count stays. */
export function releaseBody(body: HeldBody): void {
  body.chunks = NO_CHUNKS;
  body.slab = null;
  body.hash = null;
  body.parts = null;
  body.held = 0;
}

function hold(body: HeldBody, chunk: string | Uint8Array, size: number): void {
  if (size === 0) return;
  if (body.slab === null && body.chunks.length === HELD_CHUNKS_MAX) {
    const slab = new Uint8Array(HELD_BYTES_MAX);
    slab.set(heldPrefix(body, HELD_BYTES_MAX));
    body.slab = slab;
    body.chunks = NO_CHUNKS;
  }
  if (body.slab === null) {
    const kept = size > SHARED_CHUNK_MAX ? beginning(chunk) : chunk;
    body.chunks = body.chunks === NO_CHUNKS ? [kept] : [...body.chunks, kept];
  } else put(body.slab, body.held, chunk);
  body.held = Math.min(HELD_BYTES_MAX, body.held + size);
}

const beginning = (chunk: string | Uint8Array): Uint8Array =>
  typeof chunk === 'string'
    ? Buffer.from(chunk.slice(0, HELD_BYTES_MAX), 'utf8').subarray(0, HELD_BYTES_MAX)
    : new Uint8Array(chunk.subarray(0, HELD_BYTES_MAX));

/** Writes what there is room for; gives the bytes written. A UTF-16 unit is at least one byte of UTF-8. */
function put(target: Uint8Array, at: number, chunk: string | Uint8Array): number {
  const room = target.byteLength - at;
  const bytes = typeof chunk === 'string' ? Buffer.from(chunk.slice(0, room), 'utf8') : chunk;
  const part = bytes.byteLength > room ? bytes.subarray(0, room) : bytes;
  target.set(part, at);
  return part.byteLength;
}

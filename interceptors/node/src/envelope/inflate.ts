import { brotliDecompressSync, constants, inflateRawSync, unzipSync } from 'node:zlib';
import { attempt } from '../tap/guarded.ts';

/** A message that inflates to more than this from one prefix is not read: no envelope needs it, and a bomb would. */
const INFLATED_BYTES_MAX = 1024 * 1024;

/** So many bytes of gzip or deflate cannot inflate to more than the bound above (1032 to 1 at most). */
export const SAFE_BYTES = 1_000;

export const isCompressed = (contentEncoding: string | null): contentEncoding is string =>
  contentEncoding !== null && contentEncoding !== '' && contentEncoding !== 'identity';

/** The beginning of a compressed body, from a prefix of it that may end anywhere. Null when it cannot be read. */
export function inflatePrefix(prefix: Uint8Array, contentEncoding: string): Uint8Array | null {
  const maxOutputLength = INFLATED_BYTES_MAX;
  const zlib = { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength };
  if (contentEncoding === 'gzip' || contentEncoding === 'x-gzip') return attempt(() => unzipSync(prefix, zlib)) ?? null;
  if (contentEncoding === 'deflate') {
    if (prefix.byteLength < 2) return null;
    // Both are sent under this name: with zlib's two bytes before it, as the standard says, and without.
    return attempt(() => (hasHeader(prefix) ? unzipSync : inflateRawSync)(prefix, zlib)) ?? null;
  }
  if (contentEncoding !== 'br') return null;
  const brotli = { finishFlush: constants.BROTLI_OPERATION_FLUSH, maxOutputLength };
  return attempt(() => brotliDecompressSync(prefix, brotli)) ?? null;
}

function hasHeader([first = 0, second = 0]: Uint8Array): boolean {
  return ((first & 0x0f) === 8 && (first * 256 + second) % 31 === 0) || (first === 0x1f && second === 0x8b);
}

import { brotliDecompressSync, constants, inflateRawSync, unzipSync } from 'node:zlib';
import { attempt } from '../tap/guarded.ts';

/** A message that inflates to more than this from one prefix is not read: no envelope needs it, and a bomb would. */
const INFLATED_BYTES_MAX = 1024 * 1024;

/** The beginning of a compressed body, from a prefix of it that may end anywhere. Null when it cannot be read. */
export function inflatePrefix(prefix: Uint8Array, contentEncoding: string): Uint8Array | null {
  const maxOutputLength = INFLATED_BYTES_MAX;
  const zlib = { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength };
  if (contentEncoding === 'gzip' || contentEncoding === 'x-gzip') return attempt(() => unzipSync(prefix, zlib)) ?? null;
  if (contentEncoding === 'deflate')
    return attempt(() => unzipSync(prefix, zlib)) ?? attempt(() => inflateRawSync(prefix, zlib)) ?? null;
  if (contentEncoding !== 'br') return null;
  const brotli = { finishFlush: constants.BROTLI_OPERATION_FLUSH, maxOutputLength };
  return attempt(() => brotliDecompressSync(prefix, brotli)) ?? null;
}

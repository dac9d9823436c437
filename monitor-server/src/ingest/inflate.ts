import { gunzip } from 'node:zlib';

export type Inflated =
  | { readonly kind: 'bytes'; readonly bytes: Buffer }
  | { readonly kind: 'tooLarge' }
  | { readonly kind: 'notGzip' };

/** JSON of rows shrinks by 5 to 20; what shrinks by more than 100 is no report. Little ones may: a few bytes do no harm. */
const RATIO_MAX = 100;
const RATIO_FREE_BYTES = 64 * 1024;

/** Inflates to at most `bytesMax`, and stops at the bound: a bomb costs no more than a report. */
export function inflate(compressed: Buffer, bytesMax: number): Promise<Inflated> {
  const maxOutputLength = Math.min(bytesMax, Math.max(RATIO_FREE_BYTES, compressed.length * RATIO_MAX));
  return new Promise((resolve) => {
    gunzip(compressed, { maxOutputLength }, (error, bytes) => {
      if (error === null) resolve({ kind: 'bytes', bytes });
      else resolve({ kind: 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE' ? 'tooLarge' : 'notGzip' });
    });
  });
}

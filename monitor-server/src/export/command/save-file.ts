import { createWriteStream } from 'node:fs';
import { rename, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';

/**
 * Writes beside the place, and renames when it is whole: under its name there is the file that was there before, or all of
 * the new one. Whatever stops it takes what was written away.
 */
export async function saveFile(
  path: string,
  pieces: AsyncIterable<string | Uint8Array>,
  signal: AbortSignal,
): Promise<void> {
  if (path === '-') return pipeline(pieces, process.stdout, { signal, end: false });
  const beside = join(dirname(path), `.${basename(path)}.${process.pid}.part`);
  try {
    // For this user alone: it tells who calls whom. On the disk before it has its name.
    await pipeline(pieces, createWriteStream(beside, { mode: 0o600, flush: true }), { signal });
    await rename(beside, path);
  } catch (error) {
    await unlink(beside).catch(() => {});
    throw error;
  }
}

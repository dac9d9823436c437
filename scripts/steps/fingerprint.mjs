import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from './run.mjs';

const SKIPPED = new Set(['node_modules', 'dist', 'data', '.cache', '.git']);

/** A hash over the paths, sizes and contents' times of all files under the given files and folders. */
export function fingerprintOf(paths) {
  const hash = createHash('sha256');
  const visit = (path) => {
    const stat = statSync(join(root, path), { throwIfNoEntry: false });
    if (stat === undefined) return;
    if (!stat.isDirectory()) {
      hash.update(`${path} ${stat.size} ${stat.mtimeMs}\n`);
      return;
    }
    for (const name of readdirSync(join(root, path)).sort()) if (!SKIPPED.has(name)) visit(join(path, name));
  };
  for (const path of paths) visit(path);
  return hash.digest('hex');
}

/** A hash over the contents of files, for what must survive a fresh checkout. */
export function contentsOf(paths) {
  const hash = createHash('sha256');
  for (const path of paths) hash.update(readFileSync(join(root, path)));
  return hash.digest('hex');
}

/** Whether the step that left this stamp was done for the same input. */
export function isDone(stamp, input) {
  try {
    return readFileSync(join(root, stamp), 'utf8') === input;
  } catch {
    return false;
  }
}

export function markDone(stamp, input) {
  mkdirSync(dirname(join(root, stamp)), { recursive: true });
  writeFileSync(join(root, stamp), input);
}

import { readFileSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import { attempt } from './tap/guarded.ts';

/** Script names that say nothing of the service; its package's name then does. */
const GENERIC = new Set(['index', 'main', 'server', 'app', 'start', 'cli', 'service', 'client', 'www']);
const PARENTS_MAX = 16;

/** How a process is called that was given no name: after its script, or its package where every script is called that. */
export function nameOfProcess(script: string | undefined): string {
  if (script === undefined || script === '') return 'node';
  const name = basename(script, extname(script));
  return (GENERIC.has(name) ? packageName(dirname(script)) : null) ?? (name === '' ? 'node' : name);
}

function packageName(folder: string): string | null {
  let at = folder;
  for (let i = 0; i < PARENTS_MAX; i++) {
    const text = attempt(() => readFileSync(join(at, 'package.json'), 'utf8'));
    const manifest: unknown = text === undefined ? undefined : attempt(() => JSON.parse(text));
    const name: unknown = typeof manifest === 'object' && manifest !== null ? Reflect.get(manifest, 'name') : undefined;
    if (typeof name === 'string' && name !== '') return name;
    if (dirname(at) === at) return null;
    at = dirname(at);
  }
  return null;
}

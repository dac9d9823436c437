import { readFileSync } from 'node:fs';
import { attempt } from './tap/guarded.ts';

/** Runtime and interceptor, with versions. */
export function stackName(): string {
  const text = attempt(() => readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  const manifest: unknown = text === undefined ? undefined : attempt(() => JSON.parse(text));
  const version: unknown = typeof manifest === 'object' && manifest !== null ? Reflect.get(manifest, 'version') : '';
  return `node ${process.version} soa-monitor ${typeof version === 'string' ? version : ''}`.trim().slice(0, 256);
}

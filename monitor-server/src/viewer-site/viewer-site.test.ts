import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createMemoryStore } from '../testing/memory-store.ts';
import { startServer } from '../testing/start-server.ts';

const page = { headers: { Accept: 'text/html,*/*' } };
let folder: string;
let built: Awaited<ReturnType<typeof startServer>>;
let unbuilt: Awaited<ReturnType<typeof startServer>>;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'soa-monitor-'));
  mkdirSync(join(folder, 'dist', 'assets'), { recursive: true });
  writeFileSync(join(folder, 'secret'), 'not for you');
  writeFileSync(join(folder, 'dist', 'index.html'), '<title>The map</title>');
  writeFileSync(join(folder, 'dist', 'assets', 'main-1a2b3c.js'), 'export {};');
  built = await startServer(createMemoryStore(), { viewerFolder: join(folder, 'dist') });
  unbuilt = await startServer(createMemoryStore(), { viewerFolder: join(folder, 'nowhere') });
});
afterAll(async () => {
  await built.server.close();
  await unbuilt.server.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('the viewer', () => {
  test('is served, its pages by any address, its hashed files for ever', async () => {
    for (const path of ['/', '/replay/yesterday']) {
      const answer = await fetch(`${built.url}${path}`, page);
      expect([answer.status, await answer.text()]).toEqual([200, '<title>The map</title>']);
      expect(answer.headers.get('cache-control')).toBe('no-cache');
      expect(answer.headers.get('content-security-policy')).toContain("default-src 'self'");
    }
    const script = await fetch(`${built.url}/assets/main-1a2b3c.js`);
    expect(script.headers.get('cache-control')).toContain('immutable');
    expect(script.headers.get('content-type')).toContain('javascript');
  });

  test('is nothing but what was built', async () => {
    for (const path of ['/assets/gone.js', '/../secret', '/%2e%2e/secret', '/..%2fsecret', '/api/v1/nothing']) {
      const answer = await fetch(`${built.url}${path}`);
      expect([path, answer.status >= 400, (await answer.text()).includes('not for you')]).toEqual([path, true, false]);
    }
  });

  test('that is not built says so', async () => {
    const answer = await fetch(`${unbuilt.url}/`, page);
    expect([answer.status, await answer.text()]).toEqual([200, expect.stringContaining('not built')]);
    expect((await fetch(`${unbuilt.url}/healthz`)).status).toBe(200);
  });
});

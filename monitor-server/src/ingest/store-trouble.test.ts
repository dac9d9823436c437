import { afterEach, beforeEach, expect, test } from 'vitest';
import { createMemoryStore, type MemoryStore } from '../testing/memory-store.ts';
import { wireReport } from '../testing/reports.ts';
import { startServer } from '../testing/start-server.ts';

let store: MemoryStore;
let running: Awaited<ReturnType<typeof startServer>>;
beforeEach(async () => {
  store = createMemoryStore();
  running = await startServer(store);
});
afterEach(() => running.server.close());

test.each([
  ['database or disk is full', 'the disk is full'],
  ['attempt to write a readonly database', 'the database is read-only'],
  ['database is locked', 'another process holds the database'],
  ['database disk image is malformed', 'the database is damaged: soa-monitor check says where'],
  ['disk I/O error', 'the disk fails'],
  ['a secret at /secret/path', 'the store fails: its log says why'],
])('"%s" is told to reporters and by /readyz as "%s", until a report is stored again', async (message, name) => {
  const readyz = async () => {
    const answer = await fetch(`${running.url}/readyz`);
    return [answer.status, await answer.text()];
  };
  const send = () => running.send(JSON.stringify(wireReport()));
  expect(await readyz()).toEqual([200, 'ready\n']);
  store.failAppend = new Error(message);
  const refused = await send();
  expect([refused.status, refused.headers.get('retry-after'), await refused.text()]).toEqual([
    503,
    '1',
    expect.stringContaining(name),
  ]);
  expect(await readyz()).toEqual([503, expect.stringContaining(name)]);
  expect(String(await readyz())).not.toContain('secret');
  store.failAppend = null;
  expect((await send()).status).toBe(202);
  expect(await readyz()).toEqual([200, 'ready\n']);
});

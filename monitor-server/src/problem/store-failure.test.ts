import { expect, test } from 'vitest';
import { createMemoryStore } from '../testing/memory-store.ts';
import { startServer } from '../testing/start-server.ts';

test.each([
  ['disk I/O error', 503, '1', 'the disk fails'],
  ['database is locked', 503, '1', 'another process holds the database'],
  ['database disk image is malformed', 500, null, 'the database is damaged: soa-monitor check says where'],
  ['a secret at /secret/path', 500, null, 'the server failed at this request; its log says why'],
])('a question that ends in "%s" is answered with %i, and says so', async (message, status, retryAfter, detail) => {
  const store = { ...createMemoryStore(), transaction: () => Promise.reject(new Error(message)) };
  const { server, url } = await startServer(store);
  const answer = await fetch(`${url}/api/v1/transactions/1.1`);
  await server.close();
  expect([answer.status, answer.headers.get('retry-after')]).toEqual([status, retryAfter]);
  expect(await answer.json()).toMatchObject({ status, detail });
});

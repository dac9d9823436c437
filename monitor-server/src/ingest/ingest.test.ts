import { readdirSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { type Problem, REPORT_LIMITS } from '@soa-monitor/protocol';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { bodyOf } from '../testing/body-of.ts';
import { createMemoryStore, type MemoryStore } from '../testing/memory-store.ts';
import { serverRow, wireReport } from '../testing/reports.ts';
import { startServer } from '../testing/start-server.ts';

let store: MemoryStore;
let running: Awaited<ReturnType<typeof startServer>>;

beforeEach(async () => {
  store = createMemoryStore();
  running = await startServer(store);
});
afterEach(() => running.server.close());

const start = 1_760_000_000_000_000;
const problemOf = async (answer: Response) => {
  expect(answer.headers.get('content-type')).toBe('application/problem+json');
  const facts = await bodyOf<Problem>(answer);
  expect(facts.status).toBe(answer.status);
  return facts;
};

describe('POST /api/v1/reports', () => {
  test('answers 202 after the commit, with what was acknowledged and when to come again', async () => {
    const answer = await running.send(JSON.stringify(wireReport({ rows: [serverRow(1, start), serverRow(2, start)] })));
    expect(answer.status).toBe(202);
    expect(await answer.json()).toEqual({ acknowledged: 2, refused: [], nextReportMillis: 1_000, wantBodyHash: [] });
    expect(store.appended[0]?.receipt.remoteAddress).toBe('127.0.0.1');
  });

  test('asks for the hashes of bodies that the store wishes for', async () => {
    store.wishes = { bodyHash: ['esb.example:80'], servedHash: true };
    const answer = await running.send(JSON.stringify(wireReport()));
    expect(await answer.json()).toMatchObject({ wantBodyHash: ['esb.example:80'], wantServedHash: true });
  });

  test('takes gzip', async () => {
    const answer = await running.send(gzipSync(JSON.stringify(wireReport())), { 'Content-Encoding': 'gzip' });
    expect(answer.status).toBe(202);
    expect(store.appended).toHaveLength(1);
  });

  test('refuses one bad row and stores the good ones', async () => {
    const bad = serverRow(2, -5);
    const answer = await running.send(
      JSON.stringify(wireReport({ rows: [serverRow(1, start), bad, serverRow(3, start)] })),
    );
    expect(answer.status).toBe(202);
    expect(await answer.json()).toMatchObject({
      acknowledged: 2,
      refused: [{ rowSeq: 2, reason: 'start is no time' }],
    });
  });

  test('refuses what is not JSON', async () => {
    expect((await running.send('{"version":1,')).status).toBe(400);
    const notUtf8 = await running.send(Buffer.from([0x22, 0xff, 0xfe, 0x22]));
    expect((await problemOf(notUtf8)).type).toBe('urn:soa-monitor:problem:not-json');
  });

  test('refuses JSON that is no report, and says why', async () => {
    const answer = await running.send(JSON.stringify({ ...wireReport(), name: 7 }));
    const facts = await problemOf(answer);
    expect(facts).toMatchObject({ status: 400, reasons: ['name is no text of 1 to 128 characters'] });
  });

  test('refuses a wrong or missing key before it reads anything', async () => {
    const wrong = await running.send('not even JSON', { Authorization: 'Bearer nearly-the-key' });
    expect(wrong.status).toBe(401);
    expect(wrong.headers.get('www-authenticate')).toBe('Bearer');
    const missing = await running.send('{}', { Authorization: '' });
    expect((await problemOf(missing)).status).toBe(401);
    expect(store.appended).toHaveLength(0);
  });

  test('refuses another version with 426, and says which one it takes', async () => {
    const answer = await running.send(JSON.stringify({ ...wireReport(), version: 2 }));
    expect(answer.status).toBe(426);
    expect(answer.headers.get('upgrade')).toBe('soa-monitor-report/1');
  });

  test('refuses another media type and another encoding', async () => {
    expect((await running.send('{}', { 'Content-Type': 'text/plain' })).status).toBe(415);
    const brotli = await running.send('{}', { 'Content-Encoding': 'br' });
    expect(brotli.status).toBe(415);
    expect(brotli.headers.get('accept-encoding')).toBe('gzip');
  });

  test('refuses a body that is too large', async () => {
    const answer = await running.send(Buffer.alloc(REPORT_LIMITS.bytes + 1, 0x20));
    expect((await problemOf(answer)).status).toBe(413);
    expect((await running.send(JSON.stringify(wireReport()))).status).toBe(202);
  });

  test('stops at the bound of a gzip bomb', async () => {
    const bomb = gzipSync(Buffer.alloc(512 * 1024 * 1024));
    expect(bomb.length).toBeLessThan(1024 * 1024);
    const before = process.memoryUsage().rss;
    expect((await running.send(bomb, { 'Content-Encoding': 'gzip' })).status).toBe(413);
    expect(process.memoryUsage().rss - before).toBeLessThan(128 * 1024 * 1024);
    const small = gzipSync(Buffer.alloc(4 * 1024 * 1024));
    expect((await running.send(small, { 'Content-Encoding': 'gzip' })).status).toBe(413);
  });

  test('refuses gzip that is none, or is cut off', async () => {
    expect((await running.send('{}', { 'Content-Encoding': 'gzip' })).status).toBe(400);
    const half = gzipSync(JSON.stringify(wireReport())).subarray(0, 60);
    expect((await running.send(half, { 'Content-Encoding': 'gzip' })).status).toBe(400);
  });

  test('asks to come later while the store is busy, and when it fails', async () => {
    store.isBusyNow = true;
    const busy = await running.send(JSON.stringify(wireReport()));
    expect([busy.status, busy.headers.get('retry-after')]).toEqual([503, '1']);
    store.isBusyNow = false;
    store.failAppend = new Error('disk full: /secret/path');
    const failed = await running.send(JSON.stringify(wireReport()));
    expect(failed.headers.get('retry-after')).toBe('1');
    expect(JSON.stringify(await problemOf(failed))).not.toContain('secret');
  });

  test('takes a report that came through a proxy for one from an address that is not known', async () => {
    await running.send(JSON.stringify(wireReport()), { 'X-Forwarded-For': '10.0.0.7' });
    await running.send(JSON.stringify(wireReport()));
    expect(store.appended.map(({ receipt }) => receipt.remoteAddress)).toEqual(['', '127.0.0.1']);
  });

  test('takes only POST', async () => {
    const answer = await fetch(`${running.url}/api/v1/reports`);
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'POST']);
  });
});

describe('the samples of the protocol', () => {
  const folder = new URL('../../../protocol/samples/reports/', import.meta.url);
  const samples = (kind: string): [string, string][] =>
    readdirSync(new URL(`${kind}/`, folder)).map((file) => [
      file,
      readFileSync(new URL(`${kind}/${file}`, folder), 'utf8'),
    ]);

  test.each(samples('good'))('are taken whole when they are good: %s', async (_file, text) => {
    const answer = await running.send(text);
    expect(answer.status).toBe(202);
    expect(await answer.json()).toMatchObject({ refused: [] });
  });

  test.each(samples('old'))('of another version are told so, or taken: %s', async (file, text) => {
    expect((await running.send(text)).status).toBe(file.startsWith('unknown-header-fields') ? 202 : 426);
  });

  test.each(samples('hostile'))('that are hostile cost at most themselves: %s', async (_file, text) => {
    const answer = await running.send(text);
    expect([202, 400, 426]).toContain(answer.status);
    // What comes after is taken as if nothing had been.
    expect((await running.send(JSON.stringify(wireReport({ rows: [serverRow(1, start)] })))).status).toBe(202);
  });
});

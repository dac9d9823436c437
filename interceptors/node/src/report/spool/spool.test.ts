import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Report } from '@soa-monitor/protocol';
import { expect, test } from 'vitest';
import { type FakeMonitor, startFakeMonitor } from '../../testing/fake-monitor.ts';
import { call, createClosers, listen, observe } from '../../testing/observed.ts';
import { bodyOf, parseSegmentName, unpackSegment } from './segment.ts';

const whenDone = createClosers();
// What starts as a process runs from dist: `tsc -b` comes before the tests.
const entry = new URL('../../../dist/interceptor.js', import.meta.url).href;
const ENVELOPE = '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><a/></s:Body></s:Envelope>';

async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'spool-'));
  whenDone(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Different rows that lie on disk: a copy that was written anew and the one before it may both be there for a moment. */
async function rowsIn(folder: string): Promise<number> {
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  const seqs = new Set<unknown>();
  for (const name of names) {
    const segment = parseSegmentName(basename(name));
    const file = segment === null ? null : await readFile(join(folder, name)).catch(() => null);
    if (segment === null || file === null) continue;
    for (const [rowSeq] of bodyOf(await unpackSegment(segment, file))?.rows ?? []) seqs.add(rowSeq);
  }
  return seqs.size;
}

async function eventually(condition: () => Promise<boolean>, what: string): Promise<void> {
  for (const limit = performance.now() + 15_000; !(await condition()); ) {
    if (performance.now() > limit) throw new Error(`${what} did not come`);
    await new Promise((next) => setTimeout(next, 20));
  }
}

/** The numbers of all rows taken from one reporter, in the order in which they came, repeats included. */
const seqsOf = (reports: readonly Report[], reporter: string): number[] =>
  reports.filter(({ header }) => header.reporter === reporter).flatMap(({ rows }) => rows.map((row) => row.rowSeq));

const numbers = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

const echo = (): http.Server =>
  http.createServer((request, response) => request.resume().on('end', () => response.end(ENVELOPE)));

/** A process that observes itself; each line it is told is a number of SOAP calls to itself, and it says when they are done. */
function startService(monitor: string, folder: string) {
  const script = `
    import http from 'node:http';
    import { createInterface } from 'node:readline';
    import { monitorSoap } from '${entry}';
    monitorSoap({ monitor: '${monitor}', key: 'k', name: 'service', spool: '${folder}' });
    const server = http.createServer((request, response) => request.resume().on('end', () => response.end('<a/>')));
    const call = () => new Promise((done) => {
      const options = { port: server.address().port, method: 'POST', headers: { 'content-type': 'text/xml' } };
      http.request(options, (reply) => reply.resume().on('end', done)).end('${ENVELOPE}');
    });
    server.listen(0, '127.0.0.1', () => console.log('ready'));
    createInterface({ input: process.stdin }).on('line', async (line) => {
      if (line === 'end') return process.stdin.destroy(), server.close(), server.closeAllConnections();
      for (let i = 0; i < Number(line); i++) await call();
      console.log('done');
    });`;
  const child: ChildProcess = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  whenDone(() => child.kill('SIGKILL'));
  const waiting: (() => void)[] = [];
  const said = (): Promise<void> => new Promise((resolve) => void waiting.push(resolve));
  if (child.stdout !== null) createInterface({ input: child.stdout }).on('line', () => waiting.shift()?.());
  const ended = once(child, 'exit');
  return {
    ready: said(),
    calls: async (count: number): Promise<void> => {
      child.stdin?.write(`${count}\n`);
      await said();
    },
    end: async () => {
      child.stdin?.write('end\n');
      return ended;
    },
    kill: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

async function startMonitor(): Promise<FakeMonitor> {
  const monitor = await startFakeMonitor();
  whenDone(() => monitor.close());
  return monitor;
}

const BUSY = () => ({ status: 503 });

test('what a monitor could not take comes when it is back: all of it, in order, once, and nothing is left', async () => {
  const folder = await makeFolder();
  const { monitor, interceptor } = await observe(whenDone, { spool: folder });
  const url = await listen(whenDone, echo());
  await call(url, ENVELOPE);
  await monitor.until(({ reports }) => reports.some(({ rows }) => rows.length > 0));
  const reporter = monitor.reports[0]?.header.reporter ?? '';
  monitor.answerWith(BUSY);
  for (let i = 0; i < 300; i++) await call(url, ENVELOPE);
  await eventually(async () => (await rowsIn(folder)) >= 500, 'a segment');
  await call(url, ENVELOPE);
  monitor.answerWith(null);
  await monitor.until(({ reports }) => seqsOf(reports, reporter).length >= 604, 'what was spooled');
  await call(url, ENVELOPE);
  await interceptor.close();
  const last = monitor.reports.at(-1)?.header;
  expect(last).toMatchObject({ closing: true, counters: { dropped: {}, failures: 0 } });
  expect(seqsOf(monitor.reports, reporter)).toEqual(numbers(last?.counters.observed ?? 0));
  expect(monitor.wrongs).toEqual([]);
  expect(await readdir(folder)).toEqual([]);
});

test('a monitor that hangs does not keep rows from disk', async () => {
  const folder = await makeFolder();
  const { monitor } = await observe(whenDone, { spool: folder });
  await monitor.until(({ reports }) => reports.length > 0);
  monitor.answerWith(() => null);
  const url = await listen(whenDone, echo());
  for (let i = 0; i < 20; i++) await call(url, ENVELOPE);
  await eventually(async () => (await rowsIn(folder)) >= 40, 'all rows on disk');
});

test('killed while the monitor was away, what it had on disk is sent by the next, under its own name, with a goodbye', async () => {
  const folder = await makeFolder();
  const monitor = await startMonitor();
  const tried = new Set<string>();
  monitor.answerWith(({ header }) => {
    tried.add(header.reporter);
    return { status: 503 };
  });
  const first = startService(monitor.url, folder);
  await first.ready;
  await first.calls(260);
  await eventually(async () => (await rowsIn(folder)) >= 520, 'the rows of the first');
  await first.kill();
  const [dead = ''] = tried;

  // Two at once: one of them gets it.
  monitor.answerWith(null);
  const next = [startService(monitor.url, folder), startService(monitor.url, folder)];
  for (const service of next) await service.ready;
  await monitor.until(
    ({ reports }) => reports.some(({ header }) => header.reporter === dead && header.closing),
    'the goodbye of the dead',
  );
  for (const service of next) await service.calls(5);
  for (const service of next) expect(await service.end()).toEqual([0, null]);
  expect(seqsOf(monitor.reports, dead)).toEqual(numbers(520));
  const last = monitor.reports.filter(({ header }) => header.reporter === dead).at(-1)?.header;
  expect(last).toMatchObject({ name: 'service', closing: true, counters: { observed: 520, queued: 0, dropped: {} } });
  expect(last?.listeners).toHaveLength(1);
  expect(monitor.wrongs).toEqual([]);
  expect(new Set(monitor.reports.map(({ header }) => header.reporter)).size).toBe(3);
  expect(await readdir(folder)).toEqual([]);
});

test('killed in the middle of catching up, nothing is lost and nothing is counted twice', async () => {
  const folder = await makeFolder();
  const monitor = await startMonitor();
  monitor.answerWith(BUSY);
  const first = startService(monitor.url, folder);
  await first.ready;
  await first.calls(600);
  await eventually(async () => (await rowsIn(folder)) >= 1_200, 'all rows on disk');
  // The second segment is not answered: then it is killed.
  let taken = 0;
  const hanging = new Promise<void>((resolve) => {
    monitor.answerWith((report) => {
      if (report.rows.length > 0 && taken++ === 1) {
        resolve();
        return null;
      }
      return 'accept';
    });
  });
  await hanging;
  await first.kill();
  const dead = monitor.reports[0]?.header.reporter ?? '';
  monitor.answerWith(null);
  const second = startService(monitor.url, folder);
  await second.ready;
  await monitor.until(
    ({ reports }) => reports.some(({ header }) => header.reporter === dead && header.closing),
    'the goodbye of the dead',
  );
  await second.end();
  const seqs = new Set(seqsOf(monitor.reports, dead));
  expect([...seqs]).toEqual(numbers(seqs.size));
  expect(seqs.size).toBeGreaterThanOrEqual(1_200);
  const last = monitor.reports.filter(({ header }) => header.reporter === dead).at(-1)?.header.counters;
  expect((last?.acknowledged ?? 0) + (last?.inTransit ?? 0)).toBe(seqs.size);
  expect(monitor.wrongs).toEqual([]);
  expect(await readdir(folder)).toEqual([]);
});

test('a process that ends while the monitor is away leaves its last rows on disk, within its two seconds', async () => {
  const folder = await makeFolder();
  const monitor = await startMonitor();
  // Takes no report with rows: what it was told last is only on its way.
  let dead = '';
  monitor.answerWith(({ header, rows }) => {
    dead = header.reporter;
    return rows.length === 0 ? 'accept' : null;
  });
  const first = startService(monitor.url, folder);
  await first.ready;
  await first.calls(10);
  const begun = performance.now();
  expect(await first.end()).toEqual([0, null]);
  expect(performance.now() - begun).toBeLessThan(6_000);
  expect(await rowsIn(folder)).toBe(20);
  monitor.answerWith(null);
  const second = startService(monitor.url, folder);
  await second.ready;
  await monitor.until(({ reports }) => reports.some(({ header }) => header.reporter === dead && header.closing));
  await second.end();
  expect(seqsOf(monitor.reports, dead)).toEqual(numbers(20));
  expect(await readdir(folder)).toEqual([]);
});

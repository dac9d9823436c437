import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parquetReadObjects } from 'hyparquet';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { listening, portOf } from '../../listening.ts';
import { openStore } from '../../store/open-store.ts';
import type { Store } from '../../store/store.ts';
import { createCommands } from '../../testing/command-process.ts';
import { serverRow, wireReport } from '../../testing/reports.ts';
import { startServer } from '../../testing/start-server.ts';
import { readExportCommand } from './read-command.ts';

const TOKEN = 'a-viewer-token-of-the-test';
const at = Math.floor(Date.now() / 1_000) * 1_000_000 - 10_000_000;
const WINDOW = ['--from', String(at - 60_000_000), '--to', String(at + 60_000_000)];

let folder: string;
let store: Store;
let running: Awaited<ReturnType<typeof startServer>>;
const commands = createCommands();

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'soa-export-'));
  store = await openStore({ path: join(folder, 'monitor.sqlite') });
  running = await startServer(store, { viewerToken: TOKEN });
  const rows = Array.from({ length: 1_200 }, (_, i) => serverRow(i + 1, at + i * 1_000));
  await running.send(JSON.stringify(wireReport({ rows })));
  await store.settle(Date.now() * 1_000 + 60_000_000, 0, 600_000_000);
});
afterEach(() => {
  commands.killAll();
});
afterAll(async () => {
  await running?.server.close();
  await store?.close();
  rmSync(folder, { recursive: true, force: true });
});

const run = (args: readonly string[], environment: Record<string, string> = {}) =>
  commands.run(['export', ...args], folder, environment);
const parts = () => readdirSync(folder).filter((name) => name.endsWith('.part'));

describe('soa-monitor export', () => {
  test('reads the folder of a monitor that runs, and says how far it is', async () => {
    const output = join(folder, 'all.parquet');
    const { code, error } = await run(['--data', folder, '--output', output, ...WINDOW]).ended;
    expect([code, error]).toEqual([
      0,
      expect.stringMatching(/^1,200 of at most 1,200 exchanges, \d+\.\d MB, \d+\.\d s\n$/),
    ]);
    const bytes = readFileSync(output);
    const rows = await parquetReadObjects({
      file: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length),
    });
    expect([rows.length, statSync(output).mode & 0o077, parts()]).toEqual([1_200, 0, []]);
  });

  test('asks a monitor by its URL, with the token from the environment', async () => {
    const output = join(folder, 'traffic.csv');
    const args = ['--url', running.url, '--what', 'traffic', '--output', output, ...WINDOW];
    const { code, error } = await run(args, { SOA_MONITOR_VIEWER_TOKEN: TOKEN }).ended;
    expect([code, error]).toEqual([0, expect.stringMatching(/^\d traffic, /)]);
    expect(readFileSync(output, 'utf8')).toContain('getBalance');
  });

  test('writes to standard output, with nothing else on it', async () => {
    const { code, out } = await run(['--output', '-', '--format', 'ndjson', '--data', folder, ...WINDOW]).ended;
    const lines = out.trim().split('\n');
    expect([code, lines.length, JSON.parse(lines[0] ?? '').outcome]).toEqual([0, 1_200, 'ok']);
  });

  test.each(['breaks off', 'is stopped'])('leaves the file that was there when it %s', async (how) => {
    const output = join(folder, 'kept.csv');
    writeFileSync(output, 'as it was');
    let exporting: ReturnType<typeof run> | null = null;
    const monitor = createServer((_request, response) => {
      response.write('id\r\n1\r\n');
      if (how === 'breaks off') response.destroy();
      else exporting?.child.kill('SIGINT');
    });
    await listening(monitor, 0, '127.0.0.1');
    exporting = run(['--url', `http://127.0.0.1:${portOf(monitor)}`, '--output', output]);
    const { code, error } = await exporting.ended;
    expect([code, error]).toEqual(
      how === 'is stopped'
        ? [130, 'soa-monitor: stopped: no file is left\n']
        : [1, expect.stringMatching(/^soa-monitor: .+\n$/)],
    );
    expect([readFileSync(output, 'utf8'), parts()]).toEqual(['as it was', []]);
    monitor.closeAllConnections();
    monitor.close();
  });

  test('says in one line what is wrong', async () => {
    const wrong: [string[], RegExp, number][] = [
      [['--data', join(folder, 'none'), '--output', 'x.csv'], /no data folder: there is no monitor\.sqlite/, 1],
      [['--url', 'http://127.0.0.1:9', '--output', 'x.csv'], /ECONNREFUSED/, 1],
      [['--url', running.url, '--output', 'x.csv'], /answered 401/, 1],
      [['--data', folder, '--output', join(folder, 'none', 'x.csv')], /ENOENT/, 1],
      [['--output', 'x.csv', '--outcome', 'great'], /outcome is none of/, 2],
    ];
    const ended = await Promise.all(wrong.map(([args]) => run(args).ended));
    expect(ended.map(({ code }) => code)).toEqual(wrong.map(([, , code]) => code));
    for (const [index, { error }] of ended.entries()) {
      expect(error).toMatch(/^soa-monitor: .+\n$/);
      expect(error).toMatch(wrong[index]?.[1] ?? /never/);
    }
  });
});

describe('its options', () => {
  const read = (line: string) => readExportCommand(line.split(' '), {}, at);

  test('say what the API is asked, the format by the ending of the file', () => {
    expect(read('--output a.ndjson --url http://m:4600/soa --min-duration 5ms --outcome fault --bodies')).toMatchObject(
      {
        kind: 'export',
        source: { kind: 'url', url: new URL('http://m:4600/soa'), token: null },
        exported: {
          what: 'exchanges',
          format: 'ndjson',
          query: {
            outcome: ['fault'],
            minDurationMicros: 5_000,
            bodies: true,
            window: { from: at - 900_000_000, to: at },
          },
        },
      },
    );
    expect(read('--output - --what traffic')).toMatchObject({
      source: { kind: 'folder', path: 'data' },
      exported: { what: 'traffic', format: 'csv', query: { stepMicros: 60_000_000 } },
    });
  });

  test.each([
    ['--what traffic', 'say where to write'],
    ['--output a --what states', 'what is none of exchanges, traffic'],
    ['--output a --url ftp://x', '--url takes an http or https URL'],
    ['--output a --url http://x --data y', 'give one of them'],
    ['--output a --form csv', "Unknown option '--form'"],
    ['--output a --from tomorrow', 'from is neither epoch µs nor ISO 8601'],
  ])('"%s" is refused', (line, reason) => {
    expect(read(line)).toEqual({ kind: 'invalid', reason: expect.stringContaining(reason) });
  });
});

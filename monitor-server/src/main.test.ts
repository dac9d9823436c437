import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createCommands } from './testing/command-process.ts';
import { serverRow, wireReport } from './testing/reports.ts';

let folder: string;
const commands = createCommands();
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'soa-monitor-'));
});
afterEach(() => {
  commands.killAll();
  rmSync(folder, { recursive: true, force: true });
});

const run = (args: readonly string[], environment: Record<string, string> = {}) =>
  commands.run(args, folder, environment);
const serve = (...more: string[]) => run(['serve', '--port', '0', '--data', join(folder, 'data'), ...more]);

describe('soa-monitor', () => {
  test('says what it can, and which version it is', async () => {
    expect(await run(['--help']).ended).toMatchObject({ code: 0, out: expect.stringContaining('--ping-allow') });
    expect(await run(['--version']).ended).toMatchObject({ code: 0, out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
  });

  test('a bad option, or an address that needs secrets, ends with 2 and one line', async () => {
    for (const args of [['serve', '--port', 'x'], ['serve', '--host', '0.0.0.0'], ['dance']]) {
      const { code, error } = await run(args).ended;
      expect(code).toBe(2);
      expect(error).toMatch(/^soa-monitor: .+\n$/);
    }
  });

  test('starts, keeps its key to itself, takes a report, and stops when asked, a kept connection or not', async () => {
    const first = serve();
    const { url, port } = await first.ready;
    expect(url).toBe(`http://localhost:${port}/`);
    const keyFile = join(folder, 'data', 'ingest.key');
    const key = readFileSync(keyFile, 'utf8').trim();
    for (const name of readdirSync(join(folder, 'data'))) {
      expect([name, statSync(join(folder, 'data', name)).mode & 0o077]).toEqual([name, 0]);
    }
    const agent = new Agent({ keepAlive: true });
    const kept = request({ port, path: '/healthz', agent, host: '127.0.0.1' });
    kept.end();
    const [answer] = await once(kept, 'response');
    answer.resume();
    await once(answer, 'end');
    const stored = await fetch(`http://127.0.0.1:${port}/api/v1/reports`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${key}` },
      body: JSON.stringify(wireReport({ rows: [serverRow(1, Date.now() * 1_000)] })),
    });
    expect(stored.status).toBe(202);
    const begun = performance.now();
    first.child.kill('SIGTERM');
    const { code, out, error } = await first.ended;
    expect([code, error]).toEqual([0, '']);
    expect(performance.now() - begun).toBeLessThan(5_000);
    expect(out).not.toContain(key);
    agent.destroy();

    const second = serve();
    const again = await second.ready;
    expect(readFileSync(keyFile, 'utf8').trim()).toBe(key);
    expect(await (await fetch(`http://127.0.0.1:${again.port}/api/v1/accounting`)).json()).toMatchObject({ stored: 1 });
  });

  test('spans that go out are counted in /metrics, and are not there when none do', async () => {
    const [sending, silent] = [
      serve('--otlp-url', 'http://127.0.0.1:9'),
      run(['serve', '--port', '0', '--data', join(folder, 'other')]),
    ];
    const ports = [(await sending.ready).port, (await silent.ready).port];
    const texts = await Promise.all(
      ports.map(async (port) => (await fetch(`http://127.0.0.1:${port}/metrics`)).text()),
    );
    expect(texts.map((text) => text.includes('soa_monitor_otlp_exchanges_total{result="sent"} 0'))).toEqual([
      true,
      false,
    ]);
    for (const { child, ended } of [sending, silent]) {
      child.kill('SIGTERM');
      expect(await ended).toMatchObject({ code: 0 });
    }
  });

  test('a data folder has one server, and a killed one leaves no lock behind', async () => {
    const first = serve();
    await first.ready;
    expect(await serve().ended).toMatchObject({
      code: 1,
      error: expect.stringMatching(/^soa-monitor: .+ in use by another monitor server\n$/),
    });
    first.child.kill('SIGKILL');
    await first.ended;
    await serve().ready;
  });

  test('a port in use, a data folder that is none, a damaged or newer database: one line each', async () => {
    const first = serve();
    const { port } = await first.ready;
    const lines: [string[], RegExp][] = [
      [
        ['serve', '--port', String(port), '--data', join(folder, 'other')],
        /^soa-monitor: port \d+ on 127\.0\.0\.1 is in use[^\n]+\n$/,
      ],
      [
        ['serve', '--port', '0', '--data', '/proc/none'],
        /^soa-monitor: the data folder \/proc\/none cannot be made: ENOENT\n$/,
      ],
    ];
    writeFileSync(join(folder, 'file'), '');
    lines.push([
      ['serve', '--port', '0', '--data', join(folder, 'file')],
      /^soa-monitor: the data folder .+ cannot be made: EEXIST\n$/,
    ]);
    for (const [args, line] of lines)
      expect(await run(args).ended).toMatchObject({ code: 1, error: expect.stringMatching(line) });
    first.child.kill('SIGTERM');
    await first.ended;
    writeFileSync(join(folder, 'data', 'monitor.sqlite'), 'this is no database, and has been none for a long time');
    expect(await serve().ended).toMatchObject({
      code: 1,
      error: expect.stringMatching(/^soa-monitor: [^\n]+monitor\.sqlite[^\n]+\n$/),
    });
  });
});

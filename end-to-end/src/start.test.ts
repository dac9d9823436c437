import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Accounting } from '@soa-monitor/protocol';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ask } from './driver/counts.ts';
import { freePorts, root, type Started, startProcess } from './driver/process.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'soa-monitor-start-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const running: Started[] = [];
afterEach(() => Promise.all(running.splice(0).map((started) => started.stop())));

const start = (args: readonly string[], env: NodeJS.ProcessEnv = {}): Started => {
  const started = startProcess(`${root}scripts/start.mjs`, args, { env });
  running.push(started);
  return started;
};
/** Beside the lines that say what it is doing, which end in an ellipsis. */
const isOneLine = (output: string): boolean =>
  output
    .trim()
    .split('\n')
    .filter((line) => !line.endsWith('…')).length === 1;

describe('npm start that cannot', () => {
  it('says in one line that its port is in use', async () => {
    // One that answers like a monitor, too: its word must not be taken for our monitor's.
    const server = createServer((_request, response) => response.end('ok'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const started = start(['--no-sample', '--port', `${port}`, '--data', join(folder, 'in-use')]);
    expect(await started.ended).toBe(1);
    expect(started.output()).toContain(`${port}`);
    expect(started.output()).toSatisfy(isOneLine);
    server.close();
  });

  it('says in one line that its data folder cannot be written', async () => {
    await writeFile(join(folder, 'a-file'), '');
    const started = start(['--no-sample', '--data', join(folder, 'a-file', 'data')]);
    expect(await started.ended).toBe(1);
    expect(started.output()).toMatch(/data folder/);
    expect(started.output()).toSatisfy(isOneLine);
  });

  it('names the options it knows when it is given another one', async () => {
    const started = start(['--colour', 'red']);
    expect(await started.ended).toBe(1);
    expect(started.output()).toMatch(/--no-sample/);
  });
});

describe('npm start', () => {
  it('hands the ingest key of the environment to the monitor and the estate alike', async () => {
    const [port = 0, ...services] = await freePorts(4);
    const args = ['--port', `${port}`, '--data', join(folder, 'key'), '--ports', services.join(',')];
    const started = start(args, { SOA_MONITOR_KEY: 'a-key-of-the-environment' });
    await started.until(/^partner\s+pid/m);
    const stored = async () => (await ask<Accounting>(`http://127.0.0.1:${port}`, 'accounting')).stored;
    await expect.poll(stored, { timeout: 20_000 }).toBeGreaterThan(0);
    await started.stop();
    expect(await started.ended).toBe(0);
  });

  it('ends every process it started on Ctrl-C', async () => {
    const [port = 0, ...services] = await freePorts(4);
    const data = join(folder, 'whole');
    const started = start(['--port', `${port}`, '--data', data, '--ports', services.join(',')]);
    await started.until(/^airline-b\s+pid/m);
    for (const client of ['web-shop', 'kiosk', 'call-centre', 'partner']) {
      await started.until(new RegExp(`^${client}\\s+pid`, 'm'));
    }
    const pids = [...started.output().matchAll(/pid (\d+)/g)].map((match) => Number(match[1]));
    expect(pids.length).toBeGreaterThanOrEqual(8);
    await started.stop();
    expect(await started.ended).toBe(0);
    expect(pids.filter(isRunning)).toEqual([]);
  });
});

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

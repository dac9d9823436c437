import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import net, { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { type FakeMonitor, startFakeMonitor } from './testing/fake-monitor.ts';
import { createClosers } from './testing/observed.ts';

// What starts as a process runs from dist: `tsc -b` comes before the tests.
const entry = new URL('../dist/interceptor.js', import.meta.url).href;
const register = new URL('../dist/register.js', import.meta.url).href;
const whenDone = createClosers();

interface Ended {
  readonly code: number | null;
  readonly signal: string | null;
  readonly millis: number;
  readonly output: string;
}

/** A Node process with the script given; its standard output line by line to `onLine`. */
function run(
  script: string,
  {
    env = {},
    args = [],
    isFile = false,
    onLine = () => {},
  }: {
    env?: Record<string, string>;
    args?: string[];
    /** The arguments name it. */
    isFile?: boolean;
    onLine?: (line: string, child: ChildProcess) => void;
  } = {},
): Promise<Ended> {
  const begun = performance.now();
  const child = spawn(process.execPath, [...args, ...(isFile ? [] : ['--input-type=module', '-e', script])], {
    env: { PATH: process.env.PATH ?? '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    cwd: fileURLToPath(new URL('..', import.meta.url)),
  });
  whenDone(() => child.kill('SIGKILL'));
  let output = '';
  const read = (chunk: Buffer): void => {
    output += chunk.toString();
    for (const line of chunk.toString().split('\n')) if (line !== '') onLine(line, child);
  };
  child.stdout.on('data', read);
  child.stderr.on('data', read);
  return new Promise((resolve) => {
    child.on('close', (code, signal) => resolve({ code, signal, millis: performance.now() - begun, output }));
  });
}

/** One SOAP call from the process to itself; `after` runs when it is done. */
const selfCall = (before: string, after: string): string => `
  import http from 'node:http';
  ${before}
  const server = http.createServer((request, response) => request.resume().on('end', () => response.end('<a/>')));
  server.listen(0, '127.0.0.1', () => {
    const { port } = server.address();
    http.request({ port, host: '127.0.0.1', method: 'POST', path: '/s', headers: { 'content-type': 'text/xml', connection: 'close' } }, (response) => {
      response.resume().on('end', () => { ${after} });
    }).end('<a/>');
  });`;

const withMonitor = (url: string): string =>
  `import { monitorSoap } from '${entry}'; const interceptor = monitorSoap({ monitor: '${url}', key: 'k', name: 'child' });`;

async function monitored(): Promise<FakeMonitor> {
  const monitor = await startFakeMonitor(1_000);
  whenDone(() => monitor.close());
  return monitor;
}

async function hangingMonitor(): Promise<string> {
  const server = net.createServer((socket) => void socket.on('error', () => {}).resume());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  whenDone(() => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test('the package is built', () => expect(existsSync(fileURLToPath(entry))).toBe(true));

describe('the process ends by itself', () => {
  test('with everything reported and a goodbye', async () => {
    const monitor = await monitored();
    const ended = await run(selfCall(withMonitor(monitor.url), 'server.close()'));
    expect(ended).toMatchObject({ code: 0, signal: null, output: '' });
    expect(
      monitor
        .ended()
        .map((row) => row.role)
        .sort(),
    ).toEqual(['client', 'server']);
    const last = monitor.reports.at(-1)?.header;
    expect(last).toMatchObject({ closing: true, name: 'child' });
    expect(monitor.wrongs).toEqual([]);
  });
  test.each<[string, () => Promise<string>]>([
    ['absent', async () => 'http://127.0.0.1:9'],
    ['of an unknown name', async () => 'http://no-such-host.invalid'],
    ['hanging', hangingMonitor],
    [
      'busy',
      async () => {
        const monitor = await monitored();
        monitor.answerWith(() => ({ status: 503 }));
        return monitor.url;
      },
    ],
  ])('when the monitor is %s, within its two seconds', async (_what, find) => {
    const ended = await run(selfCall(withMonitor(await find()), 'server.close()'));
    expect(ended).toMatchObject({ code: 0, signal: null, output: '' });
    expect(ended.millis).toBeLessThan(6_000);
  });
  test('with its own exit code, at once on process.exit()', async () => {
    const ended = await run(selfCall(withMonitor('http://127.0.0.1:9'), 'process.exit(7)'));
    expect(ended).toMatchObject({ code: 7, signal: null });
  });
  test('with the exit code that it set itself', async () => {
    const ended = await run(selfCall(withMonitor('http://127.0.0.1:9'), 'process.exitCode = 3; server.close()'));
    expect(ended).toMatchObject({ code: 3 });
  });
  test('by its own exception', async () => {
    const ended = await run(selfCall(withMonitor('http://127.0.0.1:9'), "throw new Error('theirs')"));
    expect(ended.code).toBe(1);
    expect(ended.output).toContain('theirs');
  });
});

describe.each(['SIGTERM', 'SIGINT'] as const)('%s', (signal) => {
  const kill = (line: string, child: ChildProcess): void => {
    if (line === 'ready') child.kill(signal);
  };
  test('ends the process by the same signal, after a goodbye', async () => {
    const monitor = await monitored();
    const ended = await run(selfCall(withMonitor(monitor.url), "console.log('ready')"), { onLine: kill });
    expect(ended).toMatchObject({ code: null, signal });
    expect(monitor.ended()).toHaveLength(2);
    expect(monitor.reports.at(-1)?.header.closing).toBe(true);
  });
  test('ends it when the monitor hangs, after two seconds', async () => {
    const ended = await run(selfCall(withMonitor(await hangingMonitor()), "console.log('ready')"), { onLine: kill });
    expect(ended).toMatchObject({ code: null, signal });
    expect(ended.millis).toBeLessThan(6_000);
  });
  test('a second one ends it at once', async () => {
    const script = selfCall(withMonitor(await hangingMonitor()), "console.log('ready')");
    const ended = await run(script, {
      onLine: (line, child) => {
        if (line !== 'ready') return;
        child.kill(signal);
        const again = setInterval(() => child.kill(signal), 50);
        child.on('close', () => clearInterval(again));
      },
    });
    expect(ended).toMatchObject({ code: null, signal });
    expect(ended.millis).toBeLessThan(2_000);
  });
  test('is the host’s business when the host listens, whenever it began to', async () => {
    const monitor = await monitored();
    const host = `process.on('${signal}', () => { console.log('host'); process.exit(5); });`;
    for (const script of [
      selfCall(`${withMonitor(monitor.url)} ${host}`, "console.log('ready')"),
      selfCall(withMonitor(monitor.url), `${host} console.log('ready')`),
    ]) {
      const ended = await run(script, { onLine: kill });
      expect(ended).toMatchObject({ code: 5, signal: null });
      expect(ended.output).toContain('host');
    }
  });
  test('ends it when the others end it only if nobody else listens, as signal-exit does', async () => {
    const monitor = await monitored();
    const polite = `process.on('${signal}', function polite() {
      if (process.listeners('${signal}').length > 1) return;
      process.removeListener('${signal}', polite);
      process.kill(process.pid, '${signal}');
    });`;
    for (const before of [`${polite} ${withMonitor(monitor.url)}`, `${withMonitor(monitor.url)} ${polite}`]) {
      const ended = await run(selfCall(before, "console.log('ready')"), { onLine: kill });
      expect(ended).toMatchObject({ code: null, signal });
    }
  });
});

describe('node --import register', () => {
  const settings = (url: string) => ({
    SOA_MONITOR_URL: url,
    SOA_MONITOR_KEY: 'k',
    SOA_MONITOR_NAME: 'by-env',
    SOA_MONITOR_MACHINE: 'env-machine',
    SOA_MONITOR_ADVERTISE: 'env:80',
  });
  test('observes a service that knows nothing of it, by the environment alone', async () => {
    const monitor = await monitored();
    const ended = await run(selfCall('', 'server.close()'), {
      args: ['--import', register],
      env: settings(monitor.url),
    });
    expect(ended).toMatchObject({ code: 0, output: '' });
    expect(monitor.ended()).toHaveLength(2);
    expect(monitor.reports.at(-1)?.header).toMatchObject({
      name: 'by-env',
      machine: 'env-machine',
      advertised: 'env:80',
    });
    expect(monitor.authorizations[0]).toBe('Bearer k');
  });
  /** A call to itself by `client`, as a file of its own: `.cjs` and `.mjs` differ in how they come by node:http. */
  const asFile = (extension: 'cjs' | 'mjs', client = 'http'): string => {
    const folder = mkdtempSync(join(tmpdir(), 'soa-monitor-'));
    whenDone(() => rmSync(folder, { recursive: true }));
    const file = join(folder, `service.${extension}`);
    const load = extension === 'cjs' ? "const http = require('node:http');" : "import http from 'node:http';";
    const send =
      client === 'fetch'
        ? "fetch(url, { method: 'POST', headers, body: '<a/>' }).then((reply) => reply.text()).then(done);"
        : "http.request(url, { method: 'POST', headers }, (reply) => reply.resume().on('end', done)).end('<a/>');";
    writeFileSync(
      file,
      `${load}
      const server = http.createServer((request, response) => request.resume().on('end', () => response.end('<a/>')));
      server.listen(0, '127.0.0.1', () => {
        const url = 'http://127.0.0.1:' + server.address().port + '/s';
        const headers = { 'content-type': 'text/xml' };
        const done = () => { server.closeAllConnections(); server.close(); };
        ${send}
      });`,
    );
    return file;
  };
  const runFile = (args: string[], env: Record<string, string>) => run('', { args, env, isFile: true });

  test.each([
    ['CommonJS', 'cjs', 'http'],
    ['CommonJS with fetch', 'cjs', 'fetch'],
    ['an ES module', 'mjs', 'http'],
    ['an ES module with fetch', 'mjs', 'fetch'],
  ] as const)('observes %s', async (_what, extension, client) => {
    const monitor = await monitored();
    const ended = await runFile(['--import', register, asFile(extension, client)], settings(monitor.url));
    expect(ended).toMatchObject({ code: 0, output: '' });
    expect(monitor.ended('client')).toHaveLength(1);
    expect(monitor.ended('server')).toHaveLength(1);
  });
  test('observes by NODE_OPTIONS, and the child processes too, each as a reporter of its own', async () => {
    const monitor = await monitored();
    const parent = `import { spawn } from 'node:child_process';
      spawn(process.execPath, [${JSON.stringify(asFile('cjs'))}], { stdio: 'inherit' }).on('close', (code) => { process.exitCode = code; });`;
    const env = { ...settings(monitor.url), NODE_OPTIONS: `--import ${register}` };
    const ended = await run(parent, { env });
    expect(ended).toMatchObject({ code: 0, output: '' });
    expect(monitor.ended()).toHaveLength(2);
    expect(new Set(monitor.reports.map((report) => report.header.pid)).size).toBe(2);
    expect(new Set(monitor.reports.map((report) => report.header.reporter)).size).toBe(2);
  });
  test('observes what worker threads do, which end as they would', async () => {
    const monitor = await monitored();
    const service = asFile('mjs');
    const main = join(dirname(service), 'main.mjs');
    writeFileSync(
      main,
      `import { Worker } from 'node:worker_threads';
      new Worker(${JSON.stringify(service)}).on('exit', (code) => console.log('worker', code));`,
    );
    const ended = await runFile(['--import', register, main], settings(monitor.url));
    expect(ended).toMatchObject({ code: 0, output: 'worker 0\n' });
    expect(monitor.ended()).toHaveLength(2);
  });
  test('the package can be required', async () => {
    const monitor = await monitored();
    const script = `const { monitorSoap } = require(${JSON.stringify(fileURLToPath(entry))});
      const interceptor = monitorSoap({ monitor: '${monitor.url}', key: 'k', name: 'required' });
      interceptor.close().then(() => console.log('closed'));`;
    const folder = mkdtempSync(join(tmpdir(), 'soa-monitor-'));
    whenDone(() => rmSync(folder, { recursive: true }));
    const file = join(folder, 'service.cjs');
    writeFileSync(file, script);
    const ended = await runFile(['--no-warnings', file], {});
    expect(ended).toMatchObject({ code: 0, output: 'closed\n' });
    expect(monitor.reports.at(-1)?.header).toMatchObject({ name: 'required', closing: true });
  });
  test('without a monitor says so once and does nothing', async () => {
    const ended = await run(selfCall('', 'server.close()'), { args: ['--import', register] });
    expect(ended.code).toBe(0);
    expect(ended.output.match(/no monitor is set/g)).toHaveLength(1);
  });
});

test('a wrong key is said once, and the process goes on', async () => {
  const monitor = await monitored();
  monitor.answerWith(() => ({ status: 401 }));
  const ended = await run(selfCall(withMonitor(monitor.url), 'server.close()'));
  expect(ended.code).toBe(0);
  expect(ended.output.match(/the monitor does not take reports/g)).toHaveLength(1);
});

import { spawn } from 'node:child_process';
import http from 'node:http';
import net from 'node:net';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { startFakeMonitor } from '../../node/src/testing/fake-monitor.ts';
import { playTarget } from './testing/peer.ts';
import { createClosers, portOf } from './testing/proxied.ts';

const whenDone = createClosers();
const bin = fileURLToPath(new URL('../bin/soa-monitor-proxy.js', import.meta.url));

/** The command, as a process of its own. */
function run(args: readonly string[], environment: NodeJS.ProcessEnv = {}) {
  const child = spawn(process.execPath, [bin, ...args], { env: { PATH: process.env.PATH, ...environment } });
  whenDone(() => child.kill('SIGKILL'));
  let out = '';
  let wrong = '';
  const waiting = new Set<() => void>();
  child.stdout.on('data', (text) => {
    out += text;
    for (const check of waiting) check();
  });
  child.stderr.on('data', (text) => {
    wrong += text;
  });
  const ended = new Promise<{ code: number | null; out: string; wrong: string }>((resolve) => {
    child.on('close', (code) => resolve({ code, out, wrong }));
  });
  const says = (pattern: RegExp): Promise<RegExpExecArray> =>
    new Promise((resolve) => {
      const check = (): void => {
        const found = pattern.exec(out);
        if (found !== null) resolve(found);
      };
      waiting.add(check);
      check();
    });
  return { child, ended, says };
}

const body =
  '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><a xmlns="urn:t"/></s:Body></s:Envelope>';
const call = (port: string | undefined): Promise<number> =>
  new Promise((resolve, reject) => {
    const request = http.request(
      { port, host: '127.0.0.1', method: 'POST', agent: false, headers: { 'content-type': 'text/xml' } },
      (response) => response.resume().on('end', () => resolve(response.statusCode ?? 0)),
    );
    request.on('error', reject);
    request.end(body);
  });

async function service(): Promise<number> {
  const server = http.createServer((request, response) => request.pipe(response.setHeader('content-type', 'text/xml')));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  whenDone(() => server.close());
  return portOf(server.address());
}

test('started by the command, it serves, reports, and on SIGTERM says goodbye and ends with 0', async () => {
  const monitor = await startFakeMonitor();
  whenDone(() => monitor.close());
  const target = `http://127.0.0.1:${await service()}`;
  const proxy = run(['--listen', '127.0.0.1:0', '--target', target], {
    SOA_MONITOR_URL: monitor.url,
    SOA_MONITOR_NAME: 'legacy',
    SOA_MONITOR_KEY: 'secret',
  });
  const [, port] = await proxy.says(
    /legacy is served at http:\/\/127\.0\.0\.1:(\d+), which leads to http:.*\n[\s\S]*ready/,
  );
  expect(await call(port)).toBe(200);
  await monitor.until((m) => m.ended().length === 1);
  proxy.child.kill('SIGTERM');
  expect(await proxy.ended).toMatchObject({ code: 0, wrong: '' });
  expect(monitor.reports.at(-1)?.header).toMatchObject({ closing: true, name: 'legacy' });
  expect(monitor.reports[0]?.header.stack).toContain('soa-monitor-proxy');
});

test.each([
  ['away', async () => 'http://127.0.0.1:1'],
  ['hanging', async () => `http://127.0.0.1:${(await playTarget(whenDone, () => undefined)).port}`],
])('a monitor that is %s does not matter, nor does it hold up the end', async (_what, monitor) => {
  const proxy = run([
    '--listen',
    '127.0.0.1:0',
    '--target',
    `http://127.0.0.1:${await service()}`,
    '--monitor',
    await monitor(),
  ]);
  const [, port] = await proxy.says(/at http:\/\/127\.0\.0\.1:(\d+),[\s\S]*ready/);
  expect([await call(port), await call(port)]).toEqual([200, 200]);
  proxy.child.kill('SIGINT');
  expect((await proxy.ended).code).toBe(0);
});

test('a port in use is one clear line and exit code 1', async () => {
  const taken = net.createServer();
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
  whenDone(() => taken.close());
  const listen = `127.0.0.1:${portOf(taken.address())}`;
  const { code, wrong } = await run(['--listen', listen, '--target', 'http://a', '--monitor', 'http://127.0.0.1:1'])
    .ended;
  expect([code, wrong]).toEqual([1, `soa-monitor-proxy: cannot listen on ${listen}: the port is in use\n`]);
});

test('an option that does not exist is one clear line and exit code 2', async () => {
  const { code, wrong } = await run(['--lisen', '8080']).ended;
  expect(code).toBe(2);
  expect(wrong).toMatch(/^soa-monitor-proxy: Unknown option '--lisen'.*\n$/);
});

test('help is told, with exit code 0', async () => {
  const { code, out } = await run(['--help']).ended;
  expect([code, out.includes('--listen')]).toEqual([0, true]);
});

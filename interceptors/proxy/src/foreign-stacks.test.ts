import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ReportedRow } from '@soa-monitor/protocol';
import soap from 'soap';
import { beforeAll, describe, expect, test } from 'vitest';
import { monitorSoap } from '../../node/src/interceptor.ts';
import type { FakeMonitor } from '../../node/src/testing/fake-monitor.ts';
import { greeterService, greeterWsdl, greetRequest, unknownPerson } from '../../node/src/testing/greeter.ts';
import { run, start } from './testing/programs.ts';
import { createClosers, portOf, proxied, routeTo } from './testing/proxied.ts';
import { missingFiles, STACKS, type Stack, WSDL_FILE } from './testing/stacks.ts';

/**
 * Stacks of other languages, their services behind the proxy and their clients in front of it. What Debian packages of them
 * is missing is installed where that is possible; what cannot be is skipped, and the test says why.
 */
const INSTALL_MILLIS_MAX = 300_000;
let whyNotInstalled = '';

beforeAll(async () => {
  const missing = STACKS.filter((stack) => missingFiles(stack).length > 0).flatMap((stack) => stack.packages);
  if (missing.length === 0) return;
  if (process.getuid?.() !== 0) whyNotInstalled = 'and this is not root, who could install it';
  else {
    await run(['apt-get', 'update', '-q'], '/', INSTALL_MILLIS_MAX);
    const install = ['apt-get', 'install', '-y', '-q', '--no-install-recommends', ...new Set(missing)];
    const { code, err } = await run(install, '/', INSTALL_MILLIS_MAX);
    if (code !== 0) whyNotInstalled = `and apt-get did not install it: ${err.split('\n').at(-1) ?? ''}`;
  }
}, 2 * INSTALL_MILLIS_MAX);

describe.each(STACKS)('$name', (stack) => {
  const whenDone = createClosers();
  const reasonToSkip = (): string =>
    missingFiles(stack).length === 0 ? '' : `${stack.packages.join(', ')} is not here, ${whyNotInstalled}`;

  test('its service behind the proxy answers as it does directly, and is seen', async (context) => {
    if (reasonToSkip() !== '') return context.skip(reasonToSkip());
    const folder = await builtOf(stack);
    const port = await freePort();
    const environment = { GREETER_WSDL: join(folder, WSDL_FILE) };
    await start(whenDone, stack.service(port), folder, environment, () => isListening(port));
    const { monitor, port: proxyPort } = await proxied(whenDone, [routeTo(port)]);

    for (const who of ['ada', 'nobody']) {
      const directly = await post(port, stack.path, greetRequest(who));
      expect(await post(proxyPort, stack.path, greetRequest(who))).toEqual(directly);
      expect(directly.body).toContain(who === 'ada' ? 'hello ada' : 'nobody of that name');
    }
    await monitor.until((m) => m.ended().length === 2);
    expect(monitor.ended().map(({ role, call, outcome }) => [role, call.operation, call.path, outcome])).toEqual([
      ['server', { namespace: 'urn:greeter', name: 'greet' }, stack.path, 'ok'],
      ['server', { namespace: 'urn:greeter', name: 'greet' }, stack.path, 'fault'],
    ]);
    expect(monitor.ended()[1]?.fault?.reason).toContain('nobody of that name');
    expect(monitor.wrongs).toEqual([]);
  }, 120_000);

  test('its client in front of the proxy is answered by a service in Node, and both sides see the same call', async (context) => {
    if (reasonToSkip() !== '') return context.skip(reasonToSkip());
    const folder = await builtOf(stack);
    const server = http.createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    whenDone(() => {
      server.closeAllConnections();
      server.close();
    });
    const { monitor, port } = await proxied(whenDone, [routeTo(portOf(server.address()), { side: 'callee' })]);
    const interceptor = monitorSoap({ monitor: monitor.url, key: 'secret', name: 'greeter', machine: 'm' });
    whenDone(() => interceptor.close());
    const service = greeterService((who) => {
      if (who === 'nobody') throw unknownPerson();
      return `hello ${who}`;
    });
    const url = `http://127.0.0.1:${port}${stack.path}`;
    await new Promise<void>((resolve) => soap.listen(server, stack.path, service, greeterWsdl(url), () => resolve()));

    expect((await run(stack.client(url, 'ada'), folder)).out).toContain('hello ada');
    expect((await run(stack.client(url, 'nobody'), folder)).out).toContain('FAULT nobody of that name');

    await monitor.until((m) => endedOfAll(m).length === 4);
    const rows = endedOfAll(monitor);
    const [caller, called] = (['client', 'server'] as const).map((role) => rows.filter((row) => row.role === role));
    expect(caller?.map(({ call, outcome }) => [call.operation?.name, outcome])).toEqual([
      ['greet', 'ok'],
      ['greet', 'fault'],
    ]);
    expect(caller?.map(({ connection, ordinal }) => [connection, ordinal])).toEqual(
      called?.map(({ connection, ordinal }) => [connection, ordinal]),
    );
    expect(monitor.wrongs).toEqual([]);
  }, 120_000);
});

/** Of two reporters, whose numbers are their own. */
function endedOfAll(monitor: FakeMonitor): ReportedRow[] {
  const rows = new Map<string, ReportedRow>();
  for (const { header, rows: reported } of monitor.reports)
    for (const row of reported) if (row.part !== 'open') rows.set(`${header.reporter} ${row.rowSeq}`, row);
  return [...rows.values()].sort((a, b) => a.start - b.start);
}

const built = new Map<string, Promise<string>>();

/** The folder in which the stack's programs were compiled, once. */
function builtOf(stack: Stack): Promise<string> {
  const known = built.get(stack.name) ?? build(stack);
  built.set(stack.name, known);
  return known;
}

async function build(stack: Stack): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'soa-monitor-stack-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, WSDL_FILE), greeterWsdl('http://127.0.0.1/greeter'));
  for (const command of stack.build) {
    const { code, err } = await run(command, folder);
    if (code !== 0) throw new Error(`${command.join(' ')} ended with ${code}: ${err}`);
  }
  return folder;
}

async function freePort(): Promise<number> {
  const server = net.createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const port = portOf(server.address());
  await new Promise<void>((resolve) => server.close(() => resolve()));
  return port;
}

const isListening = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });

interface Answer {
  readonly status: number;
  readonly headers: readonly string[];
  readonly body: string;
}

/** The answer as it came, but for the date and the number of the session that Axis begins with each call. */
function post(port: number, path: string, body: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const headers = {
      'content-type': 'text/xml; charset=utf-8',
      soapaction: '"urn:greeter#greet"',
      connection: 'close',
    };
    // The same Host to both: what stacks say of themselves is made of it.
    const request = http.request(
      { port, path, method: 'POST', host: '127.0.0.1', agent: false, headers: { ...headers, host: 'greeter' } },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.rawHeaders.filter(
              (_, index, all) => !/^(?:date|set-cookie2?)$/i.test(all[index - (index % 2)] ?? ''),
            ),
            body: Buffer.concat(chunks).toString('utf8'),
          }),
        );
      },
    );
    request.on('error', reject);
    request.end(body);
  });
}

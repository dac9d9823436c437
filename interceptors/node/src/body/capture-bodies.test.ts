import http from 'node:http';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { InterceptorSettings } from '../interceptor.ts';
import { call, createClosers, listen, observe } from '../testing/observed.ts';

const whenDone = createClosers();

const envelope = (inner: string): string =>
  `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>${inner}</s:Body></s:Envelope>`;

const REPLY = envelope('<payResponse xmlns="urn:bank"><token>geheim</token><ok>yes</ok></payResponse>');
const XML = { 'content-type': 'text/xml; charset=utf-8' };

/** One exchange with a service that answers as told; gives what both sides reported. */
async function exchange(
  settings: InterceptorSettings,
  body: string | Buffer,
  { path = '/bank', headers = XML, reply = REPLY, replyHeaders = XML as http.OutgoingHttpHeaders } = {},
) {
  const { monitor } = await observe(whenDone, settings);
  const server = http.createServer((request, response) => {
    request.resume().on('end', () => response.writeHead(200, replyHeaders).end(reply));
  });
  const url = await listen(whenDone, server);
  await call(`${url}${path}`, body, {}, headers);
  await monitor.until(() => monitor.ended('server').length === 1 && monitor.ended('client').length === 1);
  expect(monitor.wrongs).toEqual([]);
  return { server: monitor.ended('server')[0]?.extras ?? null, client: monitor.ended('client')[0]?.extras ?? null };
}

const PAY = envelope('<pay xmlns="urn:bank"><pin>geheim</pin><amount>12.50</amount></pay>');
const ALL = { capture: [{ path: '*' }] };

describe('bodies', () => {
  it('are not captured by default', async () => {
    expect(await exchange({}, PAY)).toEqual({ server: null, client: null });
  });

  it('are captured where a path names them, on both sides, without their secrets', async () => {
    const { server, client } = await exchange({ bodies: { capture: [{ path: '/ba*' }] } }, PAY);
    expect(server).toEqual(client);
    expect(server?.requestBody).toEqual({
      text: PAY.replace('geheim', '[redacted]'),
      bytes: Buffer.byteLength(PAY),
      truncated: false,
      redacted: 1,
      rules: 'soa-monitor-1',
    });
    expect(server?.replyBody).toMatchObject({ text: REPLY.replace('geheim', '[redacted]'), redacted: 1 });
  });

  it.each([
    ['another path', { path: '/airline' }, false],
    ['the operation', { operation: 'pay' }, true],
    ['the operation by its QName', { operation: '{urn:bank}pay' }, true],
    ['an operation of another namespace', { operation: '{urn:other}pay' }, false],
    ['path and operation', { path: '/bank', operation: 'pay' }, true],
    ['path and another operation', { path: '/bank', operation: 'get' }, false],
  ])('are captured by %s as asked', async (_, target, isCaptured) => {
    const { server } = await exchange({ bodies: { capture: [target] } }, PAY);
    expect(server !== null).toBe(isCaptured);
  });

  it('are captured on one side when only that is asked for', async () => {
    const { server, client } = await exchange({ bodies: { capture: [{ path: '/bank', side: 'client' }] } }, PAY);
    expect(server).toBeNull();
    expect(client?.requestBody?.redacted).toBe(1);
  });

  it('are inflated first', async () => {
    const { server } = await exchange({ bodies: ALL }, gzipSync(PAY), {
      headers: { ...XML, 'content-encoding': 'gzip' } as typeof XML,
    });
    expect(server?.requestBody).toMatchObject({ text: PAY.replace('geheim', '[redacted]'), redacted: 1 });
  });

  it('are cut after 64 KB of the message, and after as many characters as were asked for', async () => {
    const long = envelope(`<pay xmlns="urn:bank"><pin>geheim</pin>${'<item>one</item>'.repeat(10_000)}</pay>`);
    const { server } = await exchange({ bodies: { ...ALL, maxChars: 65_536 } }, long);
    expect(server?.requestBody).toMatchObject({ bytes: long.length, truncated: true, redacted: 1 });
    expect(server?.requestBody?.text).toMatch(/^<s:Envelope.{65000,65536}$/s);
  });

  it('are cut after as many characters as were asked for', async () => {
    const { server } = await exchange(
      { bodies: { ...ALL, maxChars: 200 } },
      envelope(`<pin>1</pin>${'x'.repeat(500)}`),
    );
    expect(server?.requestBody).toMatchObject({ truncated: true, redacted: 1 });
    expect(server?.requestBody?.text).toHaveLength(200);
  });

  it('are reported without those that cannot be read, and say why', async () => {
    const { server } = await exchange({ bodies: ALL }, '<!DOCTYPE a><a>geheim</a>', { reply: 'Error: geheim' });
    expect(server?.requestBody).toMatchObject({ text: '', withheld: 'it is not to be read: a DOCTYPE' });
    expect(server?.replyBody).toMatchObject({ text: '', withheld: 'it is not to be read: text outside its root' });
  });

  it('are not there where there is none', async () => {
    const { server } = await exchange({ bodies: ALL }, PAY, { reply: '' });
    expect(server?.replyBody).toBeUndefined();
  });

  it('take more names from the environment', async () => {
    process.env.SOA_MONITOR_BODIES = '/bank#pay';
    process.env.SOA_MONITOR_REDACT = '{urn:bank}amount';
    whenDone(() => {
      delete process.env.SOA_MONITOR_BODIES;
      delete process.env.SOA_MONITOR_REDACT;
    });
    const { server } = await exchange({}, PAY);
    expect(server?.requestBody).toMatchObject({
      redacted: 2,
      rules: expect.stringMatching(/^soa-monitor-1\+[0-9a-f]{8}$/),
    });
    expect(server?.requestBody?.text).not.toMatch(/geheim|12\.50/);
  });

  it('are not captured at all when a setting is not understood, and that is said', async () => {
    const warnings: string[] = [];
    const listener = (warning: Error): unknown => warnings.push(warning.message);
    process.on('warning', listener);
    whenDone(() => process.off('warning', listener));
    const { server } = await exchange(
      { bodies: { ...ALL, redakt: { names: ['x'] } } as InterceptorSettings['bodies'] },
      PAY,
    );
    expect(server).toBeNull();
    expect(warnings).toContain('bodies has settings that are not known: no bodies are captured');
  });

  it('are captured as far as they came when they were cut off', async () => {
    const { monitor } = await observe(whenDone, { bodies: ALL });
    const server = http.createServer((request) => request.resume());
    const url = await listen(whenDone, server);
    const half = PAY.slice(0, PAY.indexOf('heim'));
    const request = http.request(`${url}/bank`, { method: 'POST', headers: { ...XML, 'content-length': 9_999 } });
    request.on('error', () => {});
    server.once('request', () => request.destroy());
    request.write(half);
    await monitor.until(() => monitor.ended('server').length === 1);
    expect(monitor.ended('server')[0]?.extras?.requestBody).toMatchObject({ truncated: true, redacted: 0 });
    expect(JSON.stringify(monitor.rows())).not.toContain('gehe');
  });

  it('do not keep others from being reported, however large or alike they are', async () => {
    const { monitor } = await observe(whenDone, { bodies: { ...ALL, maxChars: 65_536 } });
    const server = http.createServer((request, response) => {
      request.resume().on('end', () => response.writeHead(200, XML).end(REPLY));
    });
    const url = await listen(whenDone, server);
    const large = envelope(`<t>${'\u20ac"\n'.repeat(7_000)}</t>`);
    for (let i = 0; i < 60; i++) await call(`${url}/bank`, large);
    await monitor.until(() => monitor.ended('server').length === 60);
    expect(monitor.wrongs).toEqual([]);
    expect(monitor.ended('server').every((row) => row.extras?.requestBody?.text === large)).toBe(true);
  });
});

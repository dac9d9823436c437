import { createHmac, hkdfSync, randomBytes } from 'node:crypto';
import {
  formatPing,
  PING_ACTION,
  PING_HEADER,
  PING_KEY_INFO,
  PONG_HEADER,
  parsePong,
  pingEnvelope,
  pingText,
  pongText,
} from '@soa-monitor/protocol';
import { describe, expect, test } from 'vitest';
import { playCaller, playTarget } from './testing/peer.ts';
import { createClosers, proxied, routeTo } from './testing/proxied.ts';

const whenDone = createClosers();

const macOf = (text: string, key = 'secret'): string =>
  createHmac('sha256', Buffer.from(hkdfSync('sha256', key, '', PING_KEY_INFO, 32)))
    .update(text)
    .digest('base64url');

function ping(key = 'secret', headers = ''): { readonly nonce: string; readonly bytes: string } {
  const nonce = randomBytes(18).toString('base64url');
  const time = Date.now() * 1_000;
  const header = formatPing({ nonce, time, mac: macOf(pingText(nonce, time, 'h:1'), key) });
  const body = pingEnvelope('1.1');
  return {
    nonce,
    bytes:
      `POST / HTTP/1.1\r\nHost: h:1\r\nContent-Type: text/xml\r\nSOAPAction: "${PING_ACTION}"\r\n${headers}` +
      `${PING_HEADER}: ${header}\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
  };
}

const call = (name: string): string => {
  const body = `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><${name}/></s:Body></s:Envelope>`;
  return `POST /t HTTP/1.1\r\nHost: h:1\r\nContent-Type: text/xml\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
};
/** With a sign that no nonce, key or id has. */
const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nok!';

test('a ping is answered and signed by the proxy itself, also when nothing is behind it, and the connection serves on', async () => {
  const target = await playTarget(whenDone, async (peer) => {
    await peer.heard('</s:Envelope>');
    peer.send(OK);
    await peer.ended();
    peer.end();
  });
  const { monitor, port, proxy } = await proxied(whenDone, [routeTo(target.port)]);
  const { bytes, nonce } = ping();
  const caller = await playCaller(port, async (peer) => {
    peer.send(bytes);
    await peer.heard('</s:Envelope>');
    expect(target.connections()).toBe(0);
    peer.send(call('after'));
    await peer.heard('ok!');
    peer.end();
  });
  const { bytes: heard } = await caller.closed;
  await monitor.until((m) => m.ended().length === 1);
  const pong = parsePong(new RegExp(`${PONG_HEADER}: (.*)\r`).exec(heard)?.[1] ?? '');
  const reporter = monitor.reports[0]?.header.reporter ?? '';
  expect(pong).toEqual({ reporter, mac: macOf(pongText(nonce, reporter)) });
  expect((await (await target.peers).closed).bytes).toBe(call('after'));
  expect(monitor.ended().map((row) => [row.call.operation?.name, row.ordinal])).toEqual([['after', 1]]);
  await proxy.close();
  expect(monitor.reports.at(-1)?.header.counters).toMatchObject({ pings: 1, noise: 0 });
});

test('a ping in many pieces, in chunks, between other requests: it waits its turn, and is no part of what the target gets', async () => {
  const target = await playTarget(whenDone, async (peer) => {
    await peer.heard('before');
    await peer.heard('</s:Envelope>');
    peer.send(OK);
    await peer.heard('behind');
    await peer.heard('</s:Envelope>');
    peer.send('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nlast!');
    await peer.ended();
    peer.end();
  });
  const { port } = await proxied(whenDone, [routeTo(target.port)]);
  const asChunks = ping().bytes.replace(
    /Content-Length: \d+\r\n\r\n([\s\S]*)$/,
    'Transfer-Encoding: chunked\r\n\r\n4;x\r\n<a/>\r\n0\r\nT: 1\r\n\r\n',
  );
  const bytes = call('before') + ping().bytes + asChunks + call('behind');
  const caller = await playCaller(port, async (peer) => {
    for (let at = 0; at < bytes.length; at += 37) peer.send(bytes.slice(at, at + 37));
    await peer.heard('last!');
    peer.end();
  });
  const { bytes: heard } = await caller.closed;
  expect(heard.match(/ok!|Pong xmlns|last!/g)).toEqual(['ok!', 'Pong xmlns', 'Pong xmlns', 'last!']);
  expect((await (await target.peers).closed).bytes).toBe(call('before') + call('behind'));
});

test('a ping that asks for the end of the connection gets it', async () => {
  const target = await playTarget(whenDone, () => undefined);
  const { port } = await proxied(whenDone, [routeTo(target.port)]);
  const caller = await playCaller(port, async (peer) => {
    peer.send(ping('secret', 'Connection: close\r\n').bytes);
    await peer.ended();
    peer.end();
  });
  const { bytes, ending } = await caller.closed;
  expect([ending, bytes.includes('Connection: close\r\n'), target.connections()]).toEqual(['end', true, 0]);
});

describe('passes unchanged:', () => {
  test.each([
    ['a ping under another key', ping('other').bytes, 'secret'],
    ['a ping for another address', ping().bytes.replace('Host: h:1', 'Host: h:2'), 'secret'],
    ['the action without the header', ping().bytes.replace(PING_HEADER, 'x-other'), 'secret'],
    ['a GET', ping().bytes.replace('POST', 'GET'), 'secret'],
    ['any ping, without a key', ping('').bytes, ''],
  ])('%s', async (_what, bytes, key) => {
    const target = await playTarget(whenDone, async (peer) => {
      await peer.heard('</s:Envelope>');
      peer.send(OK);
      await peer.ended();
      peer.end();
    });
    const { port } = await proxied(whenDone, [routeTo(target.port)], { key });
    const caller = await playCaller(port, async (peer) => {
      peer.send(bytes);
      await peer.heard('ok!');
      peer.end();
    });
    expect((await caller.closed).bytes).toBe(OK);
    expect((await (await target.peers).closed).bytes).toBe(bytes);
  });
});

test('a way out answers no pings: they are for the callee', async () => {
  const target = await playTarget(whenDone, async (peer) => {
    await peer.heard('</s:Envelope>');
    peer.send(OK);
    await peer.ended();
    peer.end();
  });
  const { port } = await proxied(whenDone, [routeTo(target.port, { side: 'callee' })]);
  const caller = await playCaller(port, async (peer) => {
    peer.send(ping().bytes);
    await peer.heard('ok!');
    peer.end();
  });
  expect((await caller.closed).bytes).toBe(OK);
});

test('a ping that waits its turn when the replies can no longer be followed goes the way of everything else', async () => {
  const target = await playTarget(whenDone, async (peer) => {
    await peer.heard('</s:Envelope>');
    peer.send('this is no HTTP\r\n\r\n');
    await peer.heard('</s:Envelope>');
    await peer.heard('behind');
    peer.end();
  });
  const { port } = await proxied(whenDone, [routeTo(target.port)]);
  const bytes = call('before') + ping().bytes + call('behind');
  const caller = await playCaller(port, async (peer) => {
    peer.send(bytes);
    await peer.ended();
    peer.end();
  });
  expect((await caller.closed).bytes).toBe('this is no HTTP\r\n\r\n');
  expect((await (await target.peers).closed).bytes).toBe(bytes);
});

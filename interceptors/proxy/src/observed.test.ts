import { expect, test } from 'vitest';
import { type Play, playCaller, playTarget } from './testing/peer.ts';
import { createClosers, proxied, routeTo } from './testing/proxied.ts';

const whenDone = createClosers();

const envelope = (operation: string, header = ''): string =>
  `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/">${header}<s:Body><${operation} xmlns="urn:t"/></s:Body></s:Envelope>`;
const fault =
  '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><s:Fault><faultcode>s:Client</faultcode>' +
  '<faultstring>no</faultstring></s:Fault></s:Body></s:Envelope>';
const post = (body: string, headers = ''): string =>
  `POST /t?x=1 HTTP/1.1\r\nHost: h\r\nContent-Type: text/xml; charset=utf-8\r\nSOAPAction: "urn:a"\r\n${headers}` +
  `Content-Length: ${body.length}\r\n\r\n${body}`;
const reply = (body: string, status = '200 OK'): string =>
  `HTTP/1.1 ${status}\r\nContent-Type: text/xml\r\nContent-Length: ${body.length}\r\n\r\n${body}`;

/** Answers each envelope by what it asks for, until the caller hangs up. */
const service =
  (replies: { readonly [operation: string]: string }): Play =>
  async (peer) => {
    let heard = '';
    peer.socket.on('data', (piece: Buffer) => {
      heard += piece.toString('latin1');
      for (let at = heard.indexOf('</s:Envelope>'); at >= 0; at = heard.indexOf('</s:Envelope>')) {
        const [, operation = ''] = /<s:Body><(\w+)/.exec(heard) ?? [];
        heard = heard.slice(at + 13);
        peer.send(replies[operation] ?? reply(envelope('done')));
      }
    });
    await peer.ended();
    peer.end();
  };

test('calls are reported as the service would report them: in order, with ordinals, sizes, times and outcomes', async () => {
  const target = await playTarget(
    whenDone,
    service({ bad: reply(fault, '500 Error'), one: 'HTTP/1.1 202 A\r\nContent-Length: 0\r\n\r\n' }),
  );
  const { monitor, port } = await proxied(whenDone, [routeTo(target.port)]);
  const caller = await playCaller(port, async (peer) => {
    peer.send(post(envelope('first')) + post(envelope('bad')) + post(envelope('one')));
    await peer.heard('202');
    peer.end();
  });
  await caller.closed;
  await monitor.until((m) => m.ended().length === 3);
  const rows = monitor.ended();
  expect(rows.map((row) => [row.role, row.call.operation?.name, row.outcome, row.status, row.ordinal])).toEqual([
    ['server', 'first', 'ok', 200, 0],
    ['server', 'bad', 'fault', 500, 1],
    ['server', 'one', 'oneWay', 202, 2],
  ]);
  expect(rows[1]?.fault).toMatchObject({ code: 's:Client', reason: 'no' });
  expect(rows[0]?.call).toMatchObject({ path: '/t', action: 'urn:a', soapVersion: '1.1', mediaType: 'text/xml' });
  expect(rows[0]?.call.address).toBeUndefined();
  expect([rows[0]?.requestBytes, rows[0]?.replyBytes]).toEqual([envelope('first').length, envelope('done').length]);
  const { localPort } = caller.socket;
  expect(new Set(rows.map((row) => row.connection?.server))).toEqual(new Set([`127.0.0.1:${port}`]));
  expect(localPort === undefined || rows[0]?.connection?.client === `127.0.0.1:${localPort}`).toBe(true);
  for (const row of rows) {
    const offsets = [row.requestLast, row.replyFirst, row.replyLast, row.end];
    expect(offsets).toEqual([...offsets].sort((a, b) => Number(a) - Number(b)));
  }
  expect(monitor.wrongs).toEqual([]);
  expect(monitor.reports.at(-1)?.header.counters.failures).toBe(0);
});

test('content is read through chunks, and what is no SOAP is counted, and counts on its connection', async () => {
  const body = envelope('inChunks');
  const chunks = [...body].map((letter) => `1;x\r\n${letter}\r\n`).join('');
  const target = await playTarget(whenDone, async (peer) => {
    await peer.heard('wsdl');
    peer.send('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n');
    await peer.heard('\r\n0\r\n\r\n');
    peer.send(`HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nTransfer-Encoding: chunked\r\n\r\n${chunks}0\r\n\r\n`);
    await peer.ended();
    peer.end();
  });
  const { monitor, port } = await proxied(whenDone, [routeTo(target.port)]);
  await playCaller(port, async (peer) => {
    peer.send('GET /t?wsdl HTTP/1.1\r\nHost: h\r\n\r\n');
    await peer.heard('0\r\n\r\n');
    peer.send('POST /t HTTP/1.1\r\nContent-Type: text/xml\r\nTransfer-Encoding: chunked\r\n\r\n');
    for (const letter of `${chunks}0\r\n\r\n`) peer.send(letter);
    await peer.heard('0\r\n\r\n');
    peer.end();
  });
  await monitor.until((m) => m.ended().length === 1);
  const [row] = monitor.ended();
  expect(row).toMatchObject({ ordinal: 1, outcome: 'ok', requestBytes: body.length, replyBytes: body.length });
  expect(row?.call.operation).toEqual({ namespace: 'urn:t', name: 'inChunks' });
  expect(monitor.reports.at(-1)?.header.counters.noise).toBe(1);
});

test('a caller that leaves, and a target that does, are aborted calls', async () => {
  const target = await playTarget(whenDone, async (peer) => {
    await peer.heard('</s:Envelope>');
    if (target.connections() === 2) peer.reset();
  });
  const { monitor, port } = await proxied(whenDone, [routeTo(target.port)]);
  await playCaller(port, async (peer) => {
    peer.send(post(envelope('left')));
    await (await target.peers).heard('</s:Envelope>');
    peer.reset();
  });
  await monitor.until((m) => m.ended().length === 1);
  const second = await playCaller(port, (peer) => peer.send(post(envelope('reset'))));
  expect((await second.closed).ending).toBe('reset');
  await monitor.until((m) => m.ended().length === 2);
  expect(monitor.ended().map((row) => [row.call.operation?.name, row.outcome, row.status])).toEqual([
    ['left', 'aborted', 0],
    ['reset', 'aborted', 0],
  ]);
});

test('a call that hangs is on the map while it hangs', async () => {
  const target = await playTarget(whenDone, async (peer) => {
    await monitored;
    peer.send(reply(envelope('done')));
  });
  const { monitor, port } = await proxied(whenDone, [routeTo(target.port)]);
  const monitored = monitor.until((m) => m.rows().some((row) => row.part === 'open'));
  const caller = await playCaller(port, async (peer) => {
    peer.send(post(envelope('slow')));
    await peer.heard('done');
    peer.end();
  });
  (await target.peers).end();
  await caller.closed;
  await monitor.until((m) => m.rows().some((row) => row.part === 'close' && row.outcome === 'ok'));
});

test('what the service calls is reported as its calls, with their cause where only one is possible', async () => {
  const partner = await playTarget(whenDone, service({}));
  const twoAtOnce: (() => void)[] = [];
  const routes = [];
  const target = await playTarget(whenDone, async (peer) => {
    await peer.heard('</s:Envelope>');
    // The watched service calls its partner by the proxy, then answers.
    const trace =
      peer.socket.bytesRead > 400 ? 'traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\r\n' : '';
    const out = await playCaller(outPort, async (call) => {
      call.send(post(envelope('partner'), trace));
      await call.heard('</s:Envelope>');
      call.end();
    });
    await out.closed;
    twoAtOnce.shift()?.();
    peer.send(reply(envelope('done')));
    await peer.ended();
    peer.end();
  });
  routes.push(routeTo(target.port), routeTo(partner.port, { side: 'callee' }));
  const { monitor, proxy, port } = await proxied(whenDone, routes);
  const outPort = proxy.ports[1] ?? 0;
  const ask = async (headers = ''): Promise<void> => {
    const caller = await playCaller(port, async (peer) => {
      peer.send(post(envelope('outer'), headers));
      await peer.heard('</s:Envelope>');
      peer.end();
    });
    await caller.closed;
  };
  await ask();
  await monitor.until((m) => m.ended().length === 2);
  const [outer, inner] = monitor.ended();
  expect([outer?.role, inner?.role]).toEqual(['server', 'client']);
  expect(inner?.parentNo).toBe(outer?.exchangeNo);
  expect(inner?.call.address).toBe(`127.0.0.1:${partner.port}`);
  expect(inner?.connection?.server).toBe(`127.0.0.1:${partner.port}`);
  expect(monitor.reports.at(-1)?.header.listeners.map((listener) => listener.port)).toEqual([port]);

  // Another request is being served meanwhile: the cause could be either, unless a trace names it.
  const waiting = await playCaller(port, (peer) =>
    peer.send('POST /t HTTP/1.1\r\nContent-Type: text/xml\r\nContent-Length: 9\r\n\r\n'),
  );
  await monitor.until((m) => m.rows().some((row) => row.part === 'open'));
  await ask();
  await ask(`traceparent: 00-0af7651916cd43dd8448eb211c80319c-00f067aa0ba902b7-01\r\nX-Pad: ${'x'.repeat(300)}\r\n`);
  await monitor.until((m) => m.ended('client').length === 3 && m.ended('server').length === 3);
  const named = monitor.ended('server').at(-1);
  expect(monitor.ended('client').map((row) => row.parentNo)).toEqual([outer?.exchangeNo, null, named?.exchangeNo]);
  waiting.reset();
});

test('bytes that cannot be followed are counted, not reported', async () => {
  const target = await playTarget(whenDone, async (peer) => {
    await peer.heard('end');
    peer.end();
  });
  const { monitor, port } = await proxied(whenDone, [routeTo(target.port)]);
  const caller = await playCaller(port, async (peer) => {
    peer.send('this is no HTTP\r\n\r\nend');
    await peer.ended();
    peer.end();
  });
  await caller.closed;
  await monitor.until((m) => (m.reports.at(-1)?.header.counters.noise ?? 0) === 1);
  expect(monitor.rows()).toEqual([]);
});

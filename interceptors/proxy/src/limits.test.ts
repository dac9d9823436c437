import { createHash, randomBytes } from 'node:crypto';
import net from 'node:net';
import { describe, expect, test } from 'vitest';
import { playCaller, playTarget } from './testing/peer.ts';
import { createClosers, portOf, proxied, routeTo } from './testing/proxied.ts';

const whenDone = createClosers();
const body =
  '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><a xmlns="urn:t"/></s:Body></s:Envelope>';
const POST = `POST /t HTTP/1.1\r\nHost: h\r\nContent-Type: text/xml\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
const OK = 'HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: 2\r\n\r\nok';

async function freePort(): Promise<number> {
  const server = net.createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const port = portOf(server.address());
  await new Promise((resolve) => server.close(resolve));
  return port;
}

describe('a target that cannot be reached', () => {
  test.each([
    ['a call', POST, true],
    ['a HEAD, which gets the head alone', 'HEAD / HTTP/1.1\r\nHost: h\r\n\r\n', false],
  ])('is a 502 that says so in plain text: %s', async (_what, bytes, hasBody) => {
    const { port } = await proxied(whenDone, [routeTo(await freePort())]);
    const caller = await playCaller(port, async (peer) => {
      peer.send(bytes);
      await peer.ended();
      peer.end();
    });
    const heard = await caller.closed;
    expect(heard.ending).toBe('end');
    expect(heard.bytes).toMatch(/^HTTP\/1\.1 502 Bad Gateway\r\nContent-Type: text\/plain; charset=utf-8\r\n/);
    expect(heard.bytes.endsWith('\r\n\r\n')).toBe(!hasBody);
    if (hasBody) expect(heard.bytes).toMatch(/soa-monitor-proxy: 127\.0\.0\.1:\d+ cannot be reached: .*ECONNREFUSED/);
  });

  test('is an HTTP error of the service, and a refused call of the one that calls out', async () => {
    const gone = await freePort();
    const { monitor, proxy } = await proxied(whenDone, [routeTo(gone), routeTo(gone, { side: 'callee' })]);
    for (const port of proxy.ports) {
      await playCaller(port, async (peer) => {
        peer.send(POST + POST);
        await peer.ended();
        peer.end();
      });
    }
    await monitor.until((m) => m.ended().length === 4);
    const outcomes = (role: 'server' | 'client') => monitor.ended(role).map((row) => [row.outcome, row.status]);
    expect(outcomes('server')).toEqual([
      ['httpError', 502],
      ['aborted', 0],
    ]);
    expect(outcomes('client')).toEqual([
      ['refused', 0],
      ['aborted', 0],
    ]);
  });
});

test('a target that gives no answer in time is a 504, and its late answer goes nowhere', async () => {
  const target = await playTarget(whenDone, () => undefined);
  const { monitor, port } = await proxied(whenDone, [routeTo(target.port, { replyMillisMax: 100 })]);
  const caller = await playCaller(port, async (peer) => {
    peer.send(POST);
    await peer.ended();
    peer.end();
  });
  const heard = await caller.closed;
  expect(heard.bytes).toMatch(/^HTTP\/1\.1 504 Gateway Timeout\r\n[\s\S]*gave no answer within 0\.1 s\n$/);
  expect((await (await target.peers).closed).bytes).toBe(POST);
  await monitor.until((m) => m.ended()[0]?.status === 504);
});

test('an answer that has begun is never followed by one of the proxy’s own', async () => {
  const target = await playTarget(whenDone, async (peer) => {
    await peer.heard(body);
    peer.send('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nha');
  });
  const { port } = await proxied(whenDone, [routeTo(target.port, { replyMillisMax: 50, idleMillisMax: 100 })]);
  const caller = await playCaller(port, (peer) => peer.send(POST));
  expect((await caller.closed).bytes).toBe('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nha');
});

test('a connection over which nothing passes is closed after the idle limit', async () => {
  const target = await playTarget(whenDone, (peer) => {
    peer.socket.on('data', () => peer.send(OK));
  });
  const { port } = await proxied(whenDone, [routeTo(target.port, { idleMillisMax: 100 })]);
  const caller = await playCaller(port, async (peer) => {
    peer.send(POST);
    await peer.ended();
    peer.end();
  });
  expect(await caller.closed).toEqual({ bytes: OK, ending: 'end' });
});

test('more connections than allowed are told so, and the others are served on', async () => {
  const target = await playTarget(whenDone, (peer) => {
    peer.socket.on('data', () => peer.send(OK));
    peer.socket.on('end', () => peer.end());
  });
  const { monitor, port } = await proxied(whenDone, [routeTo(target.port, { connectionsMax: 1 })]);
  const first = await playCaller(port, async (peer) => {
    peer.send(POST);
    await peer.heard('ok');
  });
  const second = await playCaller(port, async (peer) => {
    peer.send(POST);
    await peer.ended();
    peer.end();
  });
  expect((await second.closed).bytes).toMatch(/^HTTP\/1\.1 503 Service Unavailable\r\n[\s\S]*--max-connections/);
  first.send(POST);
  await first.heard('ok');
  first.end();
  await first.closed;
  await monitor.until((m) => m.ended().length === 2 && m.reports.at(-1)?.header.counters.noise === 1);
});

describe('told to end', () => {
  test('it lets a call in flight come to its end, takes no new one, and says goodbye', async () => {
    const target = await playTarget(whenDone, () => undefined);
    const { monitor, port, proxy } = await proxied(whenDone, [routeTo(target.port)], { drainMillis: 20_000 });
    const caller = await playCaller(port, (peer) => peer.send(POST));
    const idle = await playCaller(port, () => undefined);
    void idle.ended().then(idle.end);
    await (await target.peers).heard(body);
    const closing = proxy.close();
    expect((await idle.closed).ending).toBe('end');
    const refused = net.connect(port, '127.0.0.1');
    await new Promise((resolve) => refused.once('error', resolve));
    (await target.peers).send(OK);
    (await target.peers).end();
    await caller.ended();
    caller.end();
    expect((await caller.closed).bytes).toBe(OK);
    await closing;
    expect(monitor.ended().map((row) => row.outcome)).toEqual(['httpError']);
    expect(monitor.reports.at(-1)?.header.closing).toBe(true);
  });

  test('it waits no longer than it may', async () => {
    const target = await playTarget(whenDone, () => undefined);
    const { monitor, port, proxy } = await proxied(whenDone, [routeTo(target.port)], { drainMillis: 50 });
    const caller = await playCaller(port, (peer) => peer.send(POST));
    await (await target.peers).heard(body);
    await proxy.close();
    expect(await caller.closed).toEqual({ bytes: '', ending: 'reset' });
    expect(monitor.ended().map((row) => row.outcome)).toEqual(['aborted']);
  });
});

describe('bytes are never gathered here:', () => {
  const size = 48 * 1024 * 1024;
  const content = randomBytes(1024 * 1024);
  const whole = createHash('sha256');
  for (let sent = 0; sent < size; sent += content.byteLength) whole.update(content);
  const expected = whole.digest('hex');

  /** Hears all that comes, but only once it is let; tells the hash behind the head. */
  function slowReader(socket: net.Socket): { readonly go: () => Promise<string> } {
    socket.pause();
    const hash = createHash('sha256');
    let head = '';
    let isHead = true;
    let bytes = 0;
    let tell: (digest: string) => void = () => undefined;
    const done = new Promise<string>((resolve) => {
      tell = resolve;
    });
    socket.on('data', (piece: Buffer) => {
      let part = piece;
      if (isHead) {
        head += piece.toString('latin1');
        const at = head.indexOf('\r\n\r\n');
        if (at < 0) return;
        part = Buffer.from(head.slice(at + 4), 'latin1');
        isHead = false;
      }
      hash.update(part);
      bytes += part.byteLength;
      if (bytes === size) tell(hash.digest('hex'));
    });
    socket.pause();
    return {
      go: () => {
        socket.resume();
        return done;
      },
    };
  }

  /** Sends all of it; `stalled` resolves with what was taken once nothing more is. */
  function flood(socket: net.Socket, head: string): { readonly stalled: Promise<number> } {
    socket.write(head);
    for (let sent = 0; sent < size; sent += content.byteLength) socket.write(content);
    const stalled = new Promise<number>((resolve) => {
      let last = -1;
      let same = 0;
      const look = setInterval(() => {
        const taken = size - socket.writableLength;
        same = taken === last ? same + 1 : 0;
        last = taken;
        if (same < 10) return;
        clearInterval(look);
        resolve(taken);
      }, 20);
    });
    return { stalled };
  }

  const head = `Content-Type: text/xml\r\nContent-Length: ${size}\r\n\r\n`;

  test('a target that does not read holds up the caller, and gets it all when it does', async () => {
    let tell: (socket: net.Socket) => void = () => undefined;
    const accepted = new Promise<net.Socket>((resolve) => {
      tell = resolve;
    });
    const target = net.createServer({ pauseOnConnect: true }, (socket) => tell(socket));
    await new Promise<void>((resolve) => target.listen(0, '127.0.0.1', resolve));
    whenDone(() => target.close());
    const { port } = await proxied(whenDone, [routeTo(portOf(target.address()))]);
    const caller = net.connect(port, '127.0.0.1');
    whenDone(() => caller.destroy());
    const before = process.memoryUsage().external;
    const { stalled } = flood(caller, `POST / HTTP/1.1\r\n${head}`);
    const reader = slowReader(await accepted);
    expect(await stalled).toBeLessThan(size / 2);
    expect(process.memoryUsage().external - before).toBeLessThan(8 * 1024 * 1024);
    expect(await reader.go()).toBe(expected);
    (await accepted).destroy();
  });

  test('a caller that does not read holds up the target, and gets it all when it does', async () => {
    let stalled: Promise<number> = Promise.resolve(0);
    const target = net.createServer((socket) => {
      socket.once('data', () => {
        ({ stalled } = flood(socket, `HTTP/1.1 200 OK\r\n${head}`));
        tell();
      });
    });
    let tell: () => void = () => undefined;
    const flooding = new Promise<void>((resolve) => {
      tell = resolve;
    });
    await new Promise<void>((resolve) => target.listen(0, '127.0.0.1', resolve));
    whenDone(() => target.close());
    const { port } = await proxied(whenDone, [routeTo(portOf(target.address()))]);
    const caller = net.connect(port, '127.0.0.1');
    whenDone(() => caller.destroy());
    const reader = slowReader(caller);
    caller.write(POST);
    await flooding;
    expect(await stalled).toBeLessThan(size / 2);
    expect(await reader.go()).toBe(expected);
  });
});

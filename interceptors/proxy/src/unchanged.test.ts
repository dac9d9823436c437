import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Heard, type Play, playCaller, playTarget } from './testing/peer.ts';
import { createClosers, proxied, routeTo } from './testing/proxied.ts';

const whenDone = createClosers();

interface Scene {
  readonly caller: Play;
  readonly target: Play;
}

const post = (body: string, headers = ''): string =>
  `POST /s HTTP/1.1\r\nHost: h\r\nContent-Type: text/xml\r\n${headers}Content-Length: ${body.length}\r\n\r\n${body}`;
const ok = (body: string, headers = ''): string =>
  `HTTP/1.1 200 OK\r\n${headers}Content-Length: ${body.length}\r\n\r\n${body}`;

/** Sends what is given, waits for the last byte of the answers, then hangs up. */
const asks =
  (bytes: string, last: string): Play =>
  async (peer) => {
    peer.send(bytes);
    await peer.heard(last);
    peer.end();
  };
/** Answers once it has heard the given end, and hangs up when the caller does. */
const answers =
  (heard: string, bytes: string): Play =>
  async (peer) => {
    await peer.heard(heard);
    peer.send(bytes);
    await peer.ended();
    peer.end();
  };

const chunked = 'POST /s HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n';
const chunks = '5;ext="a;b"\r\nhello\r\n000A\r\n0123456789\r\n1\r\n!\r\n0;last\r\nX-Sum: 1\r\n y\r\n\r\n';

const scenes: { readonly [what: string]: Scene } = {
  'a call and its answer': { caller: asks(post('hello'), 'olleh'), target: answers('hello', ok('olleh')) },
  'headers of odd case, order and spacing': {
    caller: asks('POST  /a?b=c%20#d HTTP/1.1\r\nhOsT:h \r\nX-A:\t1\r\nX-A:\r\nCoNtEnT-lEnGtH:  2 \r\n\r\nhi', 'ok'),
    target: answers('hi', 'HTTP/1.1 299 Fine  enough\r\nset-COOKIE: a\r\nSet-Cookie: b\r\ncontent-length:2\r\n\r\nok'),
  },
  'folded headers': {
    caller: asks(post('hello', 'X-Long: a\r\n\tb\r\n  c\r\n'), 'ok'),
    target: answers('hello', ok('ok', 'X: a\r\n b\r\n')),
  },
  'lines that end with LF alone': {
    caller: asks('POST /s HTTP/1.0\nContent-Length: 5\n\nhello', 'ok'),
    target: answers('hello', 'HTTP/1.0 200 OK\nContent-Length: 2\n\nok'),
  },
  'chunks with extensions, leading zeros and trailers, both ways': {
    caller: asks(chunked + chunks, 'X-Sum: 1\r\n y\r\n\r\n'),
    target: answers('X-Sum: 1\r\n y\r\n\r\n', `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${chunks}`),
  },
  'many requests at once, answered in order': {
    caller: asks(post('one') + post('two') + chunked + chunks + post('four'), 'last'),
    target: answers('four', ok('1') + ok('2') + ok('3') + ok('last')),
  },
  'answers sent before the requests are whole': {
    caller: async (peer) => {
      peer.send('POST /s HTTP/1.1\r\nHost: h\r\nContent-Length: 100\r\n\r\nbegin');
      await peer.heard('no thanks');
      peer.end();
    },
    target: answers('begin', 'HTTP/1.1 413 Too Large\r\nContent-Length: 9\r\nConnection: close\r\n\r\nno thanks'),
  },
  '100-continue, waited for': {
    caller: async (peer) => {
      peer.send('POST /s HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n');
      await peer.heard('100 Continue\r\n\r\n');
      peer.send('hello');
      await peer.heard('done');
      peer.end();
    },
    target: async (peer) => {
      await peer.heard('\r\n\r\n');
      peer.send('HTTP/1.1 100 Continue\r\n\r\n');
      await peer.heard('hello');
      peer.send(ok('done'));
      await peer.ended();
      peer.end();
    },
  },
  'early hints, processing, and the answer': {
    caller: asks(post('hello'), 'done'),
    target: answers(
      'hello',
      `HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>; rel=preload\r\n\r\n${ok('done')}`,
    ),
  },
  'HEAD, 204 and 304 among others': {
    caller: asks(
      'HEAD /a HTTP/1.1\r\nHost: h\r\n\r\nDELETE /b HTTP/1.1\r\nHost: h\r\n\r\nGET /c HTTP/1.1\r\nHost: h\r\n\r\n' +
        post('last'),
      'tsal',
    ),
    target: answers(
      'last',
      'HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n' +
        `HTTP/1.1 304 Not Modified\r\nContent-Length: 7\r\n\r\n${ok('tsal')}`,
    ),
  },
  'HTTP/1.0, the answer ending with the connection': {
    caller: async (peer) => {
      peer.send('GET /?wsdl HTTP/1.0\r\n\r\n');
      await peer.ended();
      peer.end();
    },
    target: async (peer) => {
      await peer.heard('\r\n\r\n');
      peer.send('HTTP/1.0 200 OK\r\n\r\nuntil ');
      peer.send('the end');
      peer.end();
    },
  },
  'a protocol of its own after an upgrade': {
    caller: async (peer) => {
      peer.send('GET /ws HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
      await peer.heard('\r\n\r\n');
      peer.send('\x81\x02hi\r\n\r\n');
      await peer.heard('\x88\x00');
      peer.end();
    },
    target: async (peer) => {
      await peer.heard('\r\n\r\n');
      peer.send('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n\x81\x03you');
      await peer.heard('hi\r\n\r\n');
      peer.send('\x88\x00');
      await peer.ended();
      peer.end();
    },
  },
  'a tunnel': {
    caller: asks('CONNECT other:443 HTTP/1.1\r\nHost: other:443\r\n\r\n\x16\x03\x01', '\x15\x03\x01'),
    target: answers('\x16\x03\x01', 'HTTP/1.1 200 Connected\r\n\r\n\x15\x03\x01'),
  },
  'HTTP/2 with prior knowledge': {
    caller: asks('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\x00\x00\x00\x04\x00\x00\x00\x00\x00', '\x00\x00\x00\x04\x01'),
    target: answers('\x00\x00\x00\x04\x00', '\x00\x00\x00\x04\x00\x00\x00\x00\x00\x00\x00\x00\x04\x01'),
  },
  'what is no HTTP at all': { caller: asks('\x00\xffPOST \r\n\r\n \x01', 'huh?'), target: answers('\x01', 'huh?') },
  'a length beside chunks, as smugglers send it': {
    caller: asks(
      `POST /s HTTP/1.1\r\nContent-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${post('second')}`,
      '400',
    ),
    target: answers('second', 'HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n'),
  },
  'a head larger than is watched': {
    caller: asks(post('hello', `X-Big: ${'x'.repeat(80_000)}\r\n`), 'ok'),
    target: answers('\r\n\r\nhello', ok('ok', `X-Big: ${'y'.repeat(80_000)}\r\n`)),
  },
  'a farewell that nobody asked for': {
    caller: async (peer) => {
      peer.send('POST /s HTTP/1.1\r\nHos');
      await peer.ended();
      peer.end();
    },
    target: async (peer) => {
      await peer.heard('Hos');
      peer.send('HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n');
      peer.end();
    },
  },
  'the beginning of a call, then nothing more': {
    caller: async (peer) => {
      peer.send('POST /s HTTP/1.1\r\nContent-Le');
      peer.end();
      await peer.ended();
    },
    target: async (peer) => {
      await peer.ended();
      peer.send('HTTP/1.1 400 Bad Request\r\n\r\n');
      peer.end();
    },
  },
  'a caller that sends its last byte before the answer': {
    caller: async (peer) => {
      peer.send(post('hello'));
      peer.end();
      await peer.ended();
    },
    target: async (peer) => {
      await peer.ended();
      peer.send(ok('after the end'));
      peer.end();
    },
  },
  'a target that sends its last byte before the request is whole': {
    caller: async (peer) => {
      peer.send('POST /s HTTP/1.1\r\nContent-Length: 5\r\n\r\nhe');
      await peer.ended();
      peer.send('llo');
      peer.end();
    },
    target: async (peer) => {
      await peer.heard('he');
      peer.send(ok('early'));
      peer.end();
      await peer.heard('llo');
    },
  },
  'a target that hangs up instead of answering': {
    caller: async (peer) => {
      peer.send(post('hello'));
      await peer.ended();
      peer.end();
    },
    target: async (peer) => {
      await peer.heard('hello');
      peer.end();
    },
  },
  'a target that resets the connection instead of answering': {
    caller: async (peer) => {
      peer.send(post('hello'));
      await peer.ended();
    },
    target: async (peer) => {
      await peer.heard('hello');
      peer.reset();
    },
  },
  'a target that resets within its answer': {
    caller: async (peer) => {
      peer.send(post('hello'));
      await peer.heard('half');
      peer.send(' ');
      await peer.ended();
    },
    target: async (peer) => {
      await peer.heard('hello');
      peer.send('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf');
      await peer.heard(' ');
      peer.reset();
    },
  },
  'a caller that resets within its request': {
    caller: async (peer) => {
      peer.send('POST /s HTTP/1.1\r\nContent-Length: 100\r\n\r\nhalf');
      await peer.heard('go on');
      peer.reset();
    },
    target: async (peer) => {
      await peer.heard('half');
      peer.send('HTTP/1.1 102 go on\r\n\r\n');
    },
  },
  'a caller that resets instead of reading the answer': {
    caller: async (peer) => {
      peer.send(post('hello'));
      await peer.heard('half');
      peer.reset();
    },
    target: async (peer) => {
      await peer.heard('hello');
      peer.send('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf');
    },
  },
};

async function play(scene: Scene, isProxied: boolean): Promise<{ readonly caller: Heard; readonly target: Heard }> {
  const target = await playTarget(whenDone, scene.target);
  const port = isProxied ? (await proxied(whenDone, [routeTo(target.port)])).port : target.port;
  const caller = await playCaller(port, scene.caller);
  const peer = await target.peers;
  return { caller: await caller.closed, target: await peer.closed };
}

describe('the same bytes and the same ending at both ends, as without the proxy:', () => {
  test.each(Object.entries(scenes))('%s', async (_what, scene) => {
    const direct = await play(scene, false);
    expect(await play(scene, true)).toEqual(direct);
  });
});

test('however the requests are cut, the target gets the same bytes', async () => {
  const bytes = Buffer.from(post('one') + chunked + chunks + post('two') + post('three', 'X: \xff\r\n'), 'latin1');
  const target = await playTarget(whenDone, (peer) => answers('three', ok('1') + ok('2') + ok('3') + ok('last'))(peer));
  const { port } = await proxied(whenDone, [routeTo(target.port)]);
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(bytes.length), { maxLength: 12 }), async (cuts) => {
      const at = [0, ...cuts.sort((a, b) => a - b), bytes.length];
      const caller = await playCaller(port, async (peer) => {
        for (const [i, to] of at.slice(1).entries()) {
          peer.send(bytes.subarray(at[i], to));
          await new Promise((next) => setImmediate(next));
        }
        await peer.heard('last');
        peer.end();
      });
      expect((await caller.closed).bytes).toBe(ok('1') + ok('2') + ok('3') + ok('last'));
    }),
    { numRuns: 40 },
  );
});

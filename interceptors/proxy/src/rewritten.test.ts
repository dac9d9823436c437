import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { playCaller, playTarget } from './testing/peer.ts';
import { createClosers, proxied, routeTo } from './testing/proxied.ts';

const whenDone = createClosers();

/** One GET or POST over a fresh connection, in pieces of the given size. */
async function ask(port: number, bytes: string, piece = bytes.length): Promise<string> {
  const caller = await playCaller(port, async (peer) => {
    for (let at = 0; at < bytes.length; at += piece) {
      peer.send(bytes.slice(at, at + piece));
      await new Promise((next) => setImmediate(next));
    }
    await peer.ended();
    peer.end();
  });
  return (await caller.closed).bytes;
}

async function serve(reply: (port: number) => string | Buffer, piece?: number) {
  const target = await playTarget(whenDone, async (peer) => {
    await peer.heard('\r\n\r\n');
    const bytes = Buffer.from(reply(target.port) as string, 'latin1');
    const step = piece ?? bytes.length;
    for (let at = 0; at < bytes.length; at += step) {
      peer.send(bytes.subarray(at, at + step));
      await new Promise((next) => setImmediate(next));
    }
    peer.end();
  });
  return target;
}

test.each([1_000, 3])(
  'the Host header says what was asked for, and nothing else is changed (pieces of %i)',
  async (piece) => {
    const target = await serve(() => 'HTTP/1.1 200 OK\r\n\r\n');
    const { port } = await proxied(whenDone, [routeTo(target.port, { host: 'legacy.internal:9000' })]);
    const request = (host: string): string =>
      `POST /host:x HTTP/1.1\r\nX-Host: keep\r\nHOST: ${host}\r\nA: host: b\r\nContent-Length: 9\r\n\r\nHost: abc`;
    await ask(port, request('proxy:8080'), piece);
    const peer = await target.peers;
    expect((await peer.closed).bytes).toBe(request('legacy.internal:9000'));
  },
);

describe('?wsdl', () => {
  const wsdl = (own: string): string =>
    `<definitions xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/" targetNamespace="http://legacy:9000/ns">` +
    `<import namespace="http://${own}/ns" location="http://${own}/s?xsd=1"/><xsd:import schemaLocation='http://www.w3.org/a.xsd'/>` +
    `<port><soap:address location="http://${own}/s"/><wsa:Address>http://${own}/s</wsa:Address></port>` +
    '<!-- caf\xe9 --></definitions>';
  const asked = 'GET /s?wsdl HTTP/1.1\r\nHost: proxy.example:8080\r\n\r\n';
  const moved = (own: string): string =>
    wsdl('proxy.example:8080').replace('namespace="http://proxy.example:8080/ns"', `namespace="http://${own}/ns"`);
  const plain = (text: string, headers = ''): string =>
    `HTTP/1.1 200 OK\r\nServer: x\r\nContent-Type: text/xml\r\n${headers}Content-Length: ${text.length}\r\nX-Last: y\r\n\r\n${text}`;

  test.each([1_000_000, 7])(
    'names the proxy in place of the service, with the right length (pieces of %i)',
    async (piece) => {
      const target = await serve((port) => plain(wsdl(`127.0.0.1:${port}`)), piece);
      const { port } = await proxied(whenDone, [routeTo(target.port, { rewritesWsdl: true })]);
      const text = moved(`127.0.0.1:${target.port}`);
      expect(await ask(port, asked)).toBe(
        `HTTP/1.1 200 OK\r\nServer: x\r\nContent-Type: text/xml\r\nX-Last: y\r\nContent-Length: ${text.length}\r\n\r\n${text}`,
      );
    },
  );

  test('also where the service knows itself by another name, in chunks, and compressed', async () => {
    let content = Buffer.alloc(0);
    const target = await serve((port) => {
      content = gzipSync(Buffer.from(wsdl(`4f3a2c:${port}`), 'latin1'));
      const chunk = `${content.length.toString(16)}\r\n${content.toString('latin1')}\r\n0\r\nX: y\r\n\r\n`;
      return `HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\nTrailer: X\r\n\r\n${chunk}`;
    }, 50);
    const { port } = await proxied(whenDone, [routeTo(target.port, { rewritesWsdl: true })]);
    const reply = await ask(port, asked);
    const at = reply.indexOf('\r\n\r\n') + 4;
    const body = Buffer.from(reply.slice(at), 'latin1');
    expect(reply.slice(0, at)).toBe(
      `HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Encoding: gzip\r\nContent-Length: ${body.length}\r\n\r\n`,
    );
    expect(gunzipSync(body).toString('latin1')).toBe(moved(`4f3a2c:${target.port}`));
  });

  test.each([
    ['an answer to a call', asked.replace('GET', 'POST'), plain(wsdl('127.0.0.1:9'))],
    ['a description of somebody else', asked, plain(wsdl('127.0.0.1:9'))],
    ['an error', asked, plain(wsdl('TARGET')).replace('200 OK', '500 No')],
    ['what is no XML', asked, plain(wsdl('TARGET')).replace('text/xml', 'text/html')],
    ['what is compressed otherwise', asked, plain(wsdl('TARGET'), 'Content-Encoding: br\r\n')],
    ['bad gzip', asked, plain(wsdl('TARGET'), 'Content-Encoding: gzip\r\n')],
    ['what is cut off', asked, plain(wsdl('TARGET')).replace(/Length: \d+/, 'Length: 9000')],
    ['a Host header that is no host', asked.replace('proxy.example:8080', '"/><x'), plain(wsdl('TARGET'))],
  ])('leaves as it came: %s', async (_what, request, reply) => {
    let sent = '';
    const target = await serve((port) => {
      sent = reply.replaceAll('TARGET', `127.0.0.1:${port}`);
      return sent;
    }, 60);
    const { port } = await proxied(whenDone, [routeTo(target.port, { rewritesWsdl: true })]);
    expect(await ask(port, request)).toBe(sent);
  });

  test('too large a one passes as it came, in chunks and all', async () => {
    const line = `<soap:address location="http://127.0.0.1:PORT/s"/>${'x'.repeat(60_000)}\n`;
    let sent = '';
    const target = await serve((port) => {
      const chunk = line.replace('PORT', String(port));
      sent = 'HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nTransfer-Encoding: chunked\r\n\r\n';
      for (let i = 0; i < 80; i++) sent += `${chunk.length.toString(16)};i=${i}\r\n${chunk}\r\n`;
      sent += '0\r\n\r\n';
      return sent;
    }, 70_000);
    const { port } = await proxied(whenDone, [routeTo(target.port, { rewritesWsdl: true })]);
    expect((await ask(port, asked)) === sent).toBe(true);
  });
});

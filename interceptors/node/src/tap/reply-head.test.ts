import { once } from 'node:events';
import { createServer, get, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createContentTypeReader } from '../envelope/content-type.ts';
import type { ReplyHead } from '../observation/exchange.ts';
import { createReplyHeadReader } from './reply-head.ts';

const read = createReplyHeadReader(createContentTypeReader());
let answer: (response: ServerResponse) => void = () => {};
let seen: ReplyHead | null = null;
const server = createServer((_request, response) => {
  response.on('finish', () => {
    seen = read(response);
  });
  answer(response);
});

beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

async function headOf(answering: typeof answer): Promise<ReplyHead | null> {
  answer = answering;
  seen = null;
  const request = get({ port: (server.address() as AddressInfo).port, host: '127.0.0.1' });
  const [response] = await once(request, 'response');
  response.resume();
  await once(response, 'end');
  return seen;
}

const send =
  (status: number, headers: { [name: string]: string }, text = 'x') =>
  (response: ServerResponse): void => {
    response.writeHead(status, headers);
    response.end(text);
  };

test('says status, type and compression of each reply, in turn and again', async () => {
  for (let round = 0; round < 3; round++) {
    expect(await headOf(send(200, { 'Content-Type': 'text/xml' }))).toMatchObject({
      status: 200,
      contentType: { mediaType: 'text/xml' },
      compression: null,
    });
    expect(await headOf(send(500, { 'content-type': 'text/xml', 'content-encoding': 'GZIP' }))).toMatchObject({
      status: 500,
      compression: 'gzip',
    });
    expect(await headOf(send(202, {}, ''))).toMatchObject({ status: 202, contentType: { mediaType: '' } });
  }
});

test('says the status that left, and headers that were set one by one', async () => {
  const later = await headOf((response) => {
    response.setHeader('content-type', 'application/soap+xml; charset=utf-8');
    response.statusCode = 500;
    response.write('x');
    response.statusCode = 200;
    response.end();
  });
  expect(later).toMatchObject({ status: 500, contentType: { mediaType: 'application/soap+xml', charset: 'utf-8' } });
});

import http from 'node:http';
import { expect, test } from 'vitest';
import { greetRequest } from './testing/greeter.ts';
import { call, createClosers, listen, observe } from './testing/observed.ts';

const whenDone = createClosers();

const TYPE = 'multipart/related; boundary="b-1"; type="application/xop+xml"; start="<root>"';
const parts = (attachments: readonly Buffer[]): Buffer =>
  Buffer.concat([
    Buffer.from('\r\n--b-1\r\nContent-Type: application/xop+xml\r\nContent-ID: <ROOT>\r\n\r\n'),
    Buffer.from(greetRequest('ada')),
    ...attachments.flatMap((content) => [Buffer.from('\r\n--b-1\r\nContent-Type: image/png\r\n\r\n'), content]),
    Buffer.from('\r\n--b-1--\r\n'),
  ]);

test('what stands beside the envelope is counted and measured on both sides, to the last byte, and never read', async () => {
  const { monitor, interceptor } = await observe(whenDone);
  const big = Buffer.alloc(300_000, '\r\n--b-');
  const server = http.createServer((request, response) => {
    request.resume().on('end', () => {
      response.setHeader('content-type', TYPE);
      const reply = parts([Buffer.from('small')]);
      for (let at = 0; at < reply.length; at += 7) response.write(reply.subarray(at, at + 7));
      response.end();
    });
  });
  const url = await listen(whenDone, server);
  await call(url, parts([big, Buffer.alloc(0)]), {}, { 'content-type': TYPE });
  await call(url, greetRequest('bob'));
  await interceptor.close();
  for (const role of ['server', 'client'] as const) {
    const [row, plain] = monitor.ended(role);
    expect(row?.call.operation).toEqual({ namespace: 'urn:greeter', name: 'greet' });
    expect(row?.extras).toMatchObject({
      requestAttachments: {
        count: 2,
        parts: [
          { mediaType: 'image/png', bytes: 300_000 },
          { mediaType: 'image/png', bytes: 0 },
        ],
      },
      replyAttachments: { count: 1, parts: [{ mediaType: 'image/png', bytes: 5 }] },
    });
    expect(plain?.extras ?? {}).not.toHaveProperty('requestAttachments');
  }
});

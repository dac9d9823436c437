import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { expect, test } from 'vitest';
import { createContentTypeReader } from '../envelope/content-type.ts';
import { createTargetReader, hasPingHeader } from './incoming-target.ts';

const request = (url: string, headers: readonly [string, string][], method = 'POST'): IncomingMessage => {
  const incoming = new IncomingMessage(new Socket());
  Object.assign(incoming, { method, url, rawHeaders: headers.flat() });
  return incoming;
};

const XML: [string, string] = ['Content-Type', 'text/xml; charset=utf-8'];
const reader = () => createTargetReader(createContentTypeReader());

test('says the same of the same headers, and another thing as soon as one of them differs', () => {
  const read = reader();
  const order = read(request('/orders?x=1', [XML, ['SOAPAction', '"place"']]));
  expect(order).toMatchObject({ path: '/orders', soapAction: 'place', compression: null, isCertain: true });
  expect(read(request('/orders?x=1', [XML, ['SOAPAction', '"place"']]))).toBe(order);
  expect(read(request('/orders?x=1', [XML, ['soapaction', '"cancel"']]))).toMatchObject({ soapAction: 'cancel' });
  expect(read(request('/orders?x=1', [XML]))).toMatchObject({ soapAction: null });
  expect(read(request('/bills', [XML, ['SOAPAction', '"place"']]))).toMatchObject({ path: '/bills' });
  const zipped = read(request('/orders?x=1', [XML, ['SOAPAction', '"place"'], ['content-encoding', 'GZIP']]));
  expect(zipped).toMatchObject({ compression: 'gzip' });
  const other = read(
    request('/orders?x=1', [
      ['content-type', 'application/soap+xml'],
      ['SOAPAction', '"place"'],
    ]),
  );
  expect(other).toMatchObject({ contentType: { mediaType: 'application/soap+xml' } });
  expect(read(request('/orders?x=1', [XML, ['SOAPAction', '"place"']]))).toBe(order);
});

test('a traceparent belongs to its own request', () => {
  const read = reader();
  const traced = (id: string) => read(request('/orders', [XML, ['traceparent', id]]));
  expect([traced('a'), traced('b')]).toMatchObject([{ traceparent: 'a' }, { traceparent: 'b' }]);
  expect(read(request('/orders', [XML]))).toMatchObject({ traceparent: null });
});

test('what is no SOAP message has no target, whatever was asked before', () => {
  const read = reader();
  read(request('/orders', [XML]));
  expect(read(request('/orders', [XML], 'GET'))).toBeNull();
  expect(read(request('/orders', [['content-type', 'text/html']]))).toBeNull();
  expect(read(request('/orders', []))).toBeNull();
});

test('more targets than are remembered are read each time', () => {
  const read = reader();
  for (let round = 0; round < 2; round++)
    for (let number = 0; number < 20; number++)
      expect(read(request(`/orders/${number}`, [XML]))).toMatchObject({ path: `/orders/${number}` });
});

test('sees a ping by its header, in any case', () => {
  expect(hasPingHeader(request('/', [XML, ['X-SOA-Monitor-Ping', '1']]))).toBe(true);
  expect(hasPingHeader(request('/', [XML]))).toBe(false);
});

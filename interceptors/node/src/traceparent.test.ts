import http from 'node:http';
import * as undici from 'undici';
import { expect, test } from 'vitest';
import type { InterceptorSettings } from './interceptor.ts';
import { resolveSettings } from './settings.ts';
import { greetRequest } from './testing/greeter.ts';
import { call, createClosers, listen, observe } from './testing/observed.ts';

const whenDone = createClosers();
const text = greetRequest('ada');
const xml = { 'content-type': 'text/xml' };
const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const other = '00-1af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00';

/** A service that calls another by every client there is; gives the headers that arrived there, by path. */
async function chain(settingsFor: (inner: string) => InterceptorSettings) {
  const arrived: { [path: string]: http.IncomingHttpHeaders } = {};
  const inner = await listen(
    whenDone,
    http.createServer((request, response) => {
      arrived[request.url ?? ''] = request.headers;
      request.resume().on('end', () => response.end(text));
    }),
  );
  const { monitor, interceptor } = await observe(whenDone, settingsFor(new URL(inner).host));
  const outer = await listen(
    whenDone,
    http.createServer(async (request, response) => {
      for await (const _ of request);
      await call(`${inner}/http`, text);
      await call(`${inner}/own`, text, {}, { ...xml, traceparent: other });
      await call(`${inner}/json`, '{}', {}, { 'content-type': 'application/json' });
      await (await fetch(`${inner}/fetch`, { method: 'POST', headers: xml, body: text })).text();
      await (await undici.fetch(`${inner}/undici`, { method: 'POST', headers: xml, body: text })).text();
      response.end(text);
    }),
  );
  return { outer, inner, arrived, monitor, interceptor };
}
const passed = (arrived: { [path: string]: http.IncomingHttpHeaders }) =>
  Object.fromEntries(Object.entries(arrived).map(([path, headers]) => [path, headers.traceparent]));

test('is passed on to the destinations that were asked for, unchanged, by every client', async () => {
  const { outer, arrived, monitor, interceptor } = await chain((inner) => ({ passTraceparent: [inner] }));
  await call(outer, text, {}, { ...xml, traceparent });
  expect(passed(arrived)).toEqual({
    '/http': traceparent,
    '/fetch': traceparent,
    '/undici': traceparent,
    '/own': other,
    '/json': undefined,
  });
  await monitor.until((m) => m.ended().length >= 10);
  const told = monitor.ended('client').filter((row) => row.parentNo !== null);
  expect(told.map((row) => [row.call.path, row.ids?.traceparent])).toEqual([
    ['/http', traceparent],
    ['/own', other],
    ['/fetch', traceparent],
    ['/undici', traceparent],
  ]);
  expect(interceptor.counters().failures).toBe(0);
});

test.each<[string, (inner: string) => InterceptorSettings, http.OutgoingHttpHeaders]>([
  ['when nobody asked', () => ({}), { traceparent }],
  ['to a destination that was not named', () => ({ passTraceparent: ['elsewhere:80'] }), { traceparent }],
  ['where the request being served has none', (inner) => ({ passTraceparent: [inner] }), {}],
  ['where it is none', (inner) => ({ passTraceparent: [inner] }), { traceparent: 'whatever' }],
])('is not passed on %s: no header of any call changes', async (_what, settingsFor, headers) => {
  const { outer, arrived } = await chain(settingsFor);
  await call(outer, text, {}, { ...xml, ...headers });
  expect(passed(arrived)).toEqual({
    '/http': undefined,
    '/fetch': undefined,
    '/undici': undefined,
    '/own': other,
    '/json': undefined,
  });
});

test('is not passed on outside of a request, nor once the headers have left', async () => {
  const { inner, arrived, interceptor } = await chain((address) => ({ passTraceparent: [address] }));
  await call(`${inner}/alone`, text);
  const outer = await listen(
    whenDone,
    http.createServer(async (request, response) => {
      for await (const _ of request);
      await new Promise<void>((resolve) => {
        const late = http.request(`${inner}/late`, { method: 'POST', headers: xml }, (reply) =>
          reply.resume().on('end', resolve),
        );
        late.flushHeaders();
        late.end(text);
      });
      response.end(text);
    }),
  );
  await call(outer, text, {}, { ...xml, traceparent });
  expect(passed(arrived)).toEqual({ '/alone': undefined, '/late': undefined });
  expect(interceptor.counters().failures).toBe(0);
});

test('the destinations come from the settings or, with commas, from the environment', () => {
  const environment = { SOA_MONITOR_URL: 'http://m', SOA_MONITOR_PASS_TRACEPARENT: ' a:1, b:2 ,,' };
  expect(resolveSettings({}, environment, undefined)).toMatchObject({ passTraceparent: ['a:1', 'b:2'] });
  expect(resolveSettings({ passTraceparent: ['c:3'] }, environment, undefined)).toMatchObject({
    passTraceparent: ['c:3'],
  });
  expect(resolveSettings({}, { SOA_MONITOR_URL: 'http://m' }, undefined)).toMatchObject({ passTraceparent: [] });
});

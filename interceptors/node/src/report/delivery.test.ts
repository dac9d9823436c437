import { expect, test } from 'vitest';
import { deliveryOf } from './delivery.ts';

const answered = (status: number, body = '', retryAfter: string | null = null) =>
  deliveryOf({ kind: 'answered', status, body, retryAfter }, 1_000_000);

test('an answer gives the counts and the interval, within bounds', () => {
  const body = (nextReportMillis: unknown) => JSON.stringify({ acknowledged: 3, refused: [{}], nextReportMillis });
  expect(answered(202, body(100))).toEqual({
    kind: 'accepted',
    acknowledged: 3,
    refused: 1,
    nextMillis: 100,
    hashWish: null,
  });
  expect(answered(202, body(1))).toMatchObject({ nextMillis: 20 });
  expect(answered(202, body(1e9))).toMatchObject({ nextMillis: 10_000 });
  expect(answered(202, body('soon'))).toMatchObject({ nextMillis: 1_000 });
});

test.each([
  ['a page', '<html>'],
  ['nothing', ''],
  ['a negative count', '{"acknowledged":-1}'],
  ['null', 'null'],
])('%s with status 200 acknowledges nothing', (_what, body) =>
  expect(answered(200, body)).toMatchObject({ kind: 'notWelcome' }),
);

test.each([
  [400, 'notTaken'],
  [413, 'notTaken'],
  [415, 'notTaken'],
  [401, 'notWelcome'],
  [403, 'notWelcome'],
  [404, 'notWelcome'],
  [426, 'notWelcome'],
  [302, 'notWelcome'],
  [408, 'later'],
  [429, 'later'],
  [500, 'later'],
  [503, 'later'],
])('HTTP %i: %s', (status, kind) => expect(answered(status)).toMatchObject({ kind }));

test('Retry-After is honoured in seconds and as a date, up to two minutes', () => {
  expect(answered(503, '', '7')).toMatchObject({ waitMillis: 7_000 });
  expect(answered(429, '', new Date(1_005_000).toUTCString())).toMatchObject({ waitMillis: 5_000 });
  expect(answered(503, '', '99999')).toMatchObject({ waitMillis: 120_000 });
  expect(answered(503, '', 'soon')).toMatchObject({ waitMillis: 0 });
});

test('an answer may ask for hashes of bodies: a bounded list of addresses, and what is served', () => {
  const wish = (fields: object) => answered(202, JSON.stringify({ acknowledged: 0, refused: [], ...fields }));
  expect(wish({ wantBodyHash: ['Bank:80'], wantServedHash: true })).toMatchObject({
    hashWish: { called: new Set(['bank:80']), served: true },
  });
  expect(wish({ wantBodyHash: [], wantServedHash: true })).toMatchObject({ hashWish: { served: true } });
  expect(wish({ wantBodyHash: [1, null, 'x'.repeat(300)], wantServedHash: 'yes' })).toMatchObject({ hashWish: null });
  expect(wish({ wantBodyHash: 'bank:80' })).toMatchObject({ hashWish: null });
  const many = wish({ wantBodyHash: Array.from({ length: 1_000 }, (_, i) => `host:${i}`) });
  expect(many.kind === 'accepted' && many.hashWish?.called.size).toBe(256);
});

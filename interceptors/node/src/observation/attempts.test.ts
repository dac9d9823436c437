import { expect, test } from 'vitest';
import { parseContentType } from '../envelope/content-type.ts';
import { createAttempts } from './attempts.ts';
import { createExchange, type Exchange } from './exchange.ts';
import { holdChunk } from './held-body.ts';

const body = '<Envelope/>';

/** A client's round that was refused at once. */
function refused(exchangeNo: number, startedAt: number, text = body): Exchange {
  const exchange = createExchange(exchangeNo, startedAt * 1_000, {
    role: 'client',
    startedAt,
    parentNo: null,
    target: {
      address: 'bank:80',
      path: '/s',
      contentType: parseContentType('text/xml'),
      compression: null,
      soapAction: null,
      traceparent: null,
      isCertain: true,
    },
    wire: null,
    ordinal: null,
    isCutOff: () => false,
  });
  holdChunk(exchange.request, text, undefined);
  exchange.requestLastAt = startedAt;
  exchange.failure = 'refused';
  return exchange;
}

function start() {
  const reported: Exchange[] = [];
  const attempts = createAttempts((exchange) => reported.push(exchange));
  return { attempts, reported };
}

test('more rounds than its bound do not wait: the oldest are reported first', () => {
  const { attempts, reported } = start();
  for (let i = 0; i < 200; i++) expect(attempts.hold(refused(i, i, `${body}${i}`), i)).toBe(true);
  expect(attempts.held()).toBe(64);
  expect(reported.map((exchange) => exchange.exchangeNo)).toEqual(Array.from({ length: 136 }, (_, i) => i));
});

test('nor do more bytes than its bound', () => {
  const { attempts, reported } = start();
  for (let i = 0; i < 40; i++) attempts.hold(refused(i, i, 'x'.repeat(60_000 + i)), i);
  expect(attempts.held()).toBeLessThan(20);
  expect(attempts.held() + reported.length).toBe(40);
});

test('a round waits for its time, and longer while a call that began within it is still being made', () => {
  const { attempts, reported } = start();
  attempts.hold(refused(0, 0), 10);
  attempts.expire(1_009, Number.POSITIVE_INFINITY);
  expect(reported).toEqual([]);
  attempts.expire(5_000, 900);
  expect(reported).toEqual([]);
  const next = refused(1, 900);
  attempts.follow(next);
  expect(next).toMatchObject({ attempts: 2, startedAt: 0, start: 0 });
  expect(reported).toMatchObject([{ exchangeNo: 0, attemptOf: 1 }]);
});

test('what began too late, or before the round had failed, is another exchange', () => {
  const { attempts, reported } = start();
  attempts.hold(refused(0, 0), 10);
  attempts.follow(refused(1, 5));
  attempts.follow(refused(2, 1_011));
  expect(reported).toEqual([]);
  attempts.expire(1_011, Number.POSITIVE_INFINITY);
  expect(reported).toMatchObject([{ exchangeNo: 0, attemptOf: null }]);
});

test('who calls on and on with the same words is seen to fail', () => {
  const { attempts, reported } = start();
  for (let i = 0; i < 12; i++) {
    const next = refused(i, i * 100);
    attempts.follow(next);
    attempts.hold(next, i * 100 + 10);
  }
  attempts.releaseAll();
  expect(reported.filter((exchange) => exchange.attemptOf === null).map((exchange) => exchange.attempts)).toEqual([
    6, 6,
  ]);
});

test('one message follows one round', () => {
  const { attempts, reported } = start();
  attempts.hold(refused(0, 0), 1);
  attempts.hold(refused(1, 0), 2);
  const next = refused(2, 3);
  attempts.follow(next);
  attempts.follow(next);
  expect(reported).toHaveLength(1);
  expect(attempts.held()).toBe(1);
});

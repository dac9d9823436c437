import { expect, test } from 'vitest';
import type { Exchange } from './exchange.ts';
import { createExchange } from './exchange.ts';
import { createInFlight } from './in-flight.ts';

const begin = (exchangeNo: number): Exchange =>
  createExchange(exchangeNo, 0, {
    role: 'server',
    startedAt: 0,
    parentNo: null,
    target: {
      address: null,
      path: '/',
      contentType: { mediaType: 'text/xml', charset: null, action: null, boundary: null, start: null, type: null },
      compression: null,
      soapAction: null,
      traceparent: null,
      isCertain: true,
    },
    wire: null,
    ordinal: null,
    isCutOff: () => false,
  });

test('keeps the order in which they came, whoever leaves', () => {
  const list = createInFlight();
  const [a, b, c, d] = [begin(0), begin(1), begin(2), begin(3)] as [Exchange, Exchange, Exchange, Exchange];
  const numbers = (): number[] => {
    const seen: number[] = [];
    list.each(({ exchangeNo }) => seen.push(exchangeNo) > 0);
    return seen;
  };
  for (const exchange of [a, b, c, d]) list.add(exchange);
  expect(numbers()).toEqual([0, 1, 2, 3]);
  list.remove(b);
  list.remove(b);
  expect([numbers(), list.size, list.first()?.exchangeNo]).toEqual([[0, 2, 3], 3, 0]);
  list.remove(a);
  list.remove(d);
  expect([numbers(), list.size, list.first()?.exchangeNo]).toEqual([[2], 1, 2]);
  list.add(a);
  expect(numbers()).toEqual([2, 0]);
  list.remove(c);
  list.remove(a);
  expect([numbers(), list.size, list.first()]).toEqual([[], 0, null]);
});

test('the one that is looked at may leave, and looking may end early', () => {
  const list = createInFlight();
  for (let number = 0; number < 5; number++) list.add(begin(number));
  const seen: number[] = [];
  list.each((exchange) => {
    seen.push(exchange.exchangeNo);
    list.remove(exchange);
    return exchange.exchangeNo < 3;
  });
  expect(seen).toEqual([0, 1, 2, 3]);
  expect([list.size, list.first()?.exchangeNo]).toEqual([1, 4]);
});

import { describe, expect, it } from 'vitest';
import { exchangeStandIn } from './exchange-stand-in.ts';
import { missingWords } from './missing-words.ts';
import { transactionLanes } from './transaction-lanes.ts';

const start = exchangeStandIn('x').start;
const root = exchangeStandIn('root', { durationMicros: 100_000 });
const child = exchangeStandIn('child', {
  parent: 'root',
  start: start + 20_000,
  requestReceived: start + 25_000,
  durationMicros: 40_000,
});

describe('the waterfall of a transaction', () => {
  it('places each call in the time of the whole, under its cause', () => {
    const { lanes, lengthMicros } = transactionLanes({ id: 't', exchanges: [child, root] });
    expect(lengthMicros).toBe(100_000);
    expect(lanes.map(({ exchange, depth, offset, width }) => [exchange.id, depth, offset, width])).toEqual([
      ['root', 0, 0, 1],
      ['child', 1, 0.2, 0.4],
    ]);
  });
  it('shows the service within the call, its own time, and what decided the length', () => {
    const part = { exchange: 'child', serviceMicros: 30_000, ownMicros: 30_000, waitingMicros: 0 };
    const parts = [{ ...part, networkOutMicros: 5_000, networkBackMicros: 5_000, isCritical: true }];
    const [, lane] = transactionLanes({ id: 't', exchanges: [root, child], parts }).lanes;
    expect(lane).toMatchObject({ service: { offset: 0.25, width: 0.3 }, ownMicros: 30_000, isCritical: true });
  });
  it('lets what is in flight last until the last known moment', () => {
    const hanging = exchangeStandIn('hanging', { start: start + 50_000, durationMicros: null, outcome: null });
    expect(transactionLanes({ id: 't', exchanges: [root, hanging] }).lanes[1]?.width).toBe(0.5);
  });
  it('says how many it does not draw', () => {
    const many = Array.from({ length: 250 }, (_, index) => exchangeStandIn(`e${index}`, { parent: 'e0' }));
    const { lanes, left } = transactionLanes({ id: 't', exchanges: many });
    expect(lanes.length + left).toBe(250);
    expect(left).toBeGreaterThan(0);
  });
});

describe('what is missing of a transaction', () => {
  it('is told once for each part and reason, with how often', () => {
    expect(
      missingWords([
        { exchange: 'a', part: 'client', why: 'neverCame' },
        { exchange: 'b', part: 'client', why: 'neverCame' },
        { exchange: 'b', part: 'server', why: 'notMonitored' },
      ]),
    ).toEqual([
      'The caller’s side of 2 calls is missing: it never came.',
      'The service’s side of 1 call is missing: nobody reports it.',
    ]);
  });
});

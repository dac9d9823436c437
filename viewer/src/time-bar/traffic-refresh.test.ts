import type { Traffic } from '@soa-monitor/protocol';
import { describe, expect, it } from 'vitest';
import { windowToAsk, withAnswer } from './traffic-refresh.ts';

const SECOND = 1_000_000;
const window = (from: number, to: number) => ({ from: from * SECOND, to: to * SECOND });
const traffic = (from: number, to: number, ...seconds: number[]): Traffic => ({
  window: window(from, to),
  stepMicros: 5 * SECOND,
  buckets: seconds.map((second) => ({
    from: second * SECOND,
    count: 1,
    faults: 0,
    errors: 0,
    requestBytes: 0,
    replyBytes: 0,
    p50Micros: null,
    p95Micros: null,
    p99Micros: null,
  })),
});
const first = withAnswer(null, traffic(0, 300, 0, 5, 200, 295), window(0, 300));

describe('keeping the traffic of a sliding window', () => {
  it('asks for all of it first, and for the newest part from then on', () => {
    expect(windowToAsk(null, window(0, 300))).toEqual(window(0, 300));
    expect(windowToAsk(first, window(5, 303))).toEqual(window(270, 303));
  });
  it('asks for all of it once a minute, and when too much is missing', () => {
    expect(windowToAsk(first, window(65, 360))).toEqual(window(65, 360));
    expect(windowToAsk(first, window(-300, 301))).toEqual(window(-300, 301));
    expect(windowToAsk(first, window(400, 700))).toEqual(window(400, 700));
  });
  it('puts the answer in place of the newest buckets, and drops what has slid out', () => {
    const next = withAnswer(first, traffic(270, 303, 280, 300), window(5, 303));
    expect(next.traffic.buckets.map(({ from }) => from / SECOND)).toEqual([5, 200, 280, 300]);
    expect(next).toMatchObject({ known: 303 * SECOND, wholeAt: 300 * SECOND });
  });
  it('stays within the window however long the page is open', () => {
    let kept = first;
    for (let to = 301; to < 900; to += 3) {
      const shown = window(to - 300, to);
      const asked = windowToAsk(kept, shown);
      kept = withAnswer(kept, { ...traffic(0, 0, Math.floor(to / 5) * 5), window: asked }, shown);
    }
    expect(kept.traffic.buckets.length).toBeLessThan(61);
  });
});

import type { Delta, ExchangeTuple } from '@soa-monitor/protocol';
import { describe, expect, test } from 'vitest';
import { createMetrics } from '../metrics/metrics.ts';
import { createManualClock } from '../testing/manual-clock.ts';
import { createMemoryStore, noItems } from '../testing/memory-store.ts';
import { decodeWatch } from './decode-watch.ts';
import { createDeltaRing } from './delta-ring.ts';
import { createLiveFeed } from './live-feed.ts';
import { createSampling, EXCHANGES_PER_DELTA_MAX } from './sampling.ts';
import { createViewerStream, DELTAS_AT_ONCE_MAX, LAG_DELTAS_MAX } from './viewer-stream.ts';

const exchange = (id: string, version: number): ExchangeTuple => [id, version, 'link', 'op', 7, 1, 2, 3, 4, 3];
const delta = (deltaSeq: number, more: Partial<Delta> = {}): Delta => ({
  epoch: 'e',
  deltaSeq,
  sentAt: 1,
  sample: 1,
  accounting: null,
  ...noItems,
  ...more,
});

describe('the feed of deltas', () => {
  const begin = () => {
    const clock = createManualClock();
    const store = createMemoryStore();
    const deltas: Delta[] = [];
    const feed = createLiveFeed({ store, clock, metrics: createMetrics(), epoch: 'e', onDelta: (d) => deltas.push(d) });
    return { clock, store, deltas, feed };
  };

  test('sends the first change at once, and gathers those of the next 16 ms', async () => {
    const { clock, store, deltas } = begin();
    store.commit({ exchanges: [exchange('a', 1)] });
    expect(deltas.map(({ deltaSeq }) => deltaSeq)).toEqual([1]);
    store.commit({ exchanges: [exchange('a', 2)] });
    store.commit({ exchanges: [exchange('a', 3), exchange('b', 3)], cells: [['link', 5, 3, 1, 0, 0, 1, 1, [3, 1]]] });
    expect(deltas).toHaveLength(1);
    await clock.advance(16);
    expect(deltas).toHaveLength(2);
    expect(deltas[1]?.exchanges).toEqual([exchange('a', 3), exchange('b', 3)]);
    expect(deltas[1]?.cells).toHaveLength(1);
    await clock.advance(1_000);
    expect(deltas).toHaveLength(2);
  });

  test('raises k when there are too many, and never thins out the cells', () => {
    const { store, deltas } = begin();
    const many = Array.from({ length: EXCHANGES_PER_DELTA_MAX * 4 }, (_, i) => exchange(`x${i}`, 1));
    const cells = many.map((_, i) => ['link', i, 1, 1, 0, 0, 1, 1, [3, 1]] as const);
    store.commit({ exchanges: many, cells });
    expect(deltas[0]?.sample).toBe(4);
    expect(deltas[0]?.exchanges.length).toBeLessThan(many.length / 2);
    expect(deltas[0]?.cells).toHaveLength(many.length);
  });

  test('puts changed figures into a delta', () => {
    const { feed, deltas, store } = begin();
    feed.tell(store.figures);
    expect(deltas[0]?.accounting).toEqual(store.figures);
  });
});

describe('sampling', () => {
  test('k rises at once, in powers of two, and falls after five calm seconds, step by step', () => {
    const sampling = createSampling();
    expect(sampling.choose(10, 0)).toBe(1);
    expect(sampling.choose(EXCHANGES_PER_DELTA_MAX * 3, 1)).toBe(4);
    expect(sampling.choose(10, 1_000_000)).toBe(4);
    expect(sampling.choose(10, 6_000_000)).toBe(2);
    expect(sampling.choose(EXCHANGES_PER_DELTA_MAX, 9_000_000)).toBe(2);
    expect(sampling.choose(10, 12_000_000)).toBe(2);
    expect(sampling.choose(10, 14_000_000)).toBe(1);
  });
});

describe('the ring', () => {
  test('gives what was missed, and nothing when some of it is gone', () => {
    const ring = createDeltaRing({ deltas: 3, items: 1_000 });
    expect(ring.after(0)).toEqual([]);
    for (let n = 1; n <= 5; n++) ring.push(delta(n));
    expect(ring.after(5)).toEqual([]);
    expect(ring.after(2)?.map(({ deltaSeq }) => deltaSeq)).toEqual([3, 4, 5]);
    expect(ring.after(1)).toBeNull();
    expect(ring.after(6)).toBeNull();
  });
  test('is bounded by items too', () => {
    const ring = createDeltaRing({ deltas: 100, items: 10 });
    for (let n = 1; n <= 5; n++)
      ring.push(delta(n, { exchanges: [exchange('a', 1), exchange('b', 1), exchange('c', 1)] }));
    expect(ring.after(3)?.length).toBe(2);
    expect(ring.after(2)).toBeNull();
  });
});

describe('a viewer', () => {
  const begin = () => {
    const clock = createManualClock();
    const ring = createDeltaRing();
    const sent: string[] = [];
    const line = {
      writable: true,
      isWritable: () => line.writable,
      snapshot: ({ deltaSeq }: Delta) => void sent.push(`snapshot ${deltaSeq}`),
      delta: ({ deltaSeq }: Delta) => void sent.push(`delta ${deltaSeq}`),
    };
    let snapshots = 0;
    const takeSnapshot = async () => {
      snapshots += 1;
      return delta(ring.last());
    };
    const stream = createViewerStream({ line, ring, clock, metrics: createMetrics(), takeSnapshot });
    const push = (n = 1) => {
      for (let i = 0; i < n; i++) {
        ring.push(delta(ring.last() + 1));
        stream.pump();
      }
    };
    return { clock, line, stream, sent, push, snapshots: () => snapshots };
  };

  test('begins with a snapshot and goes on with the deltas after it', async () => {
    const { clock, stream, sent, push } = begin();
    push(3);
    stream.watch(null, 1);
    push();
    await clock.advance(0);
    push();
    expect(sent).toEqual(['snapshot 4', 'delta 5']);
  });

  test('resumes from the ring', async () => {
    const { clock, stream, sent, push } = begin();
    push(4);
    stream.watch(2, 1);
    await clock.advance(0);
    expect(sent).toEqual(['delta 3', 'delta 4']);
  });

  test('is resynchronised when what it missed is gone', async () => {
    const { clock, stream, sent, push } = begin();
    push(2_000);
    stream.watch(2, 1);
    await clock.advance(0);
    expect(sent).toEqual(['snapshot 2000']);
  });

  test('that does not read is sent nothing, and catches up from the ring a bounded number at a time', async () => {
    const { clock, line, stream, sent, push } = begin();
    stream.watch(0, 1);
    line.writable = false;
    push(DELTAS_AT_ONCE_MAX + 5);
    expect(sent).toEqual([]);
    line.writable = true;
    stream.pump();
    expect(sent).toHaveLength(DELTAS_AT_ONCE_MAX);
    stream.pump();
    expect(sent.at(-1)).toBe(`delta ${DELTAS_AT_ONCE_MAX + 5}`);
    await clock.advance(0);
  });

  test('that is too far behind gets one snapshot when it reads again, and not more than one a second', async () => {
    const { clock, line, stream, sent, push, snapshots } = begin();
    stream.watch(0, 1);
    for (let round = 0; round < 2; round++) {
      line.writable = false;
      push(LAG_DELTAS_MAX + 1);
      line.writable = true;
      stream.pump();
      await clock.advance(10);
    }
    expect(sent).toEqual([`snapshot ${LAG_DELTAS_MAX + 1}`]);
    await clock.advance(1_000);
    expect(sent).toHaveLength(2);
    expect(snapshots()).toBe(2);
  });

  test('with a wish of its own gets a part of the exchanges, and is not abreast of the others', () => {
    const { stream } = begin();
    stream.watch(0, 8);
    expect(stream.isAbreast(delta(1))).toBe(false);
    expect(stream.isAbreast(delta(1, { sample: 8 }))).toBe(true);
  });
});

describe('what a viewer sends', () => {
  test('is read or taken as nothing', () => {
    expect(decodeWatch({ epoch: 'e', deltaSeq: 7, sample: 3 }, 'e')).toEqual({ deltaSeq: 7, sample: 4 });
    expect(decodeWatch({ epoch: 'before', deltaSeq: 7 }, 'e')).toEqual({ deltaSeq: null, sample: 1 });
    for (const junk of [
      undefined,
      null,
      7,
      'x',
      [],
      { epoch: 'e' },
      { epoch: 'e', deltaSeq: '7', sample: -1 },
      { epoch: 'e', deltaSeq: 1e300, sample: Number.NaN },
    ]) {
      expect(decodeWatch(junk, 'e')).toEqual({ deltaSeq: null, sample: 1 });
    }
  });
});

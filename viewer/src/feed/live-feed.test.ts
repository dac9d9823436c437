import type { Delta, FeedItems } from '@soa-monitor/protocol';
import { describe, expect, it } from 'vitest';
import { createLiveFeed, STALE_MICROS } from './live-feed.ts';

const NONE: FeedItems = { nodes: [], links: [], states: [], exchanges: [], cells: [], gone: [] };
const delta = (deltaSeq: number, epoch = 'one', more: Partial<Delta> = {}): Delta => ({
  epoch,
  deltaSeq,
  sentAt: 0,
  sample: 1,
  accounting: null,
  ...NONE,
  ...more,
});
/** A delta that carries its own number, to see what arrived. */
const numbered = (deltaSeq: number, epoch = 'one'): Delta =>
  delta(deltaSeq, epoch, { gone: [{ id: `d${deltaSeq}`, version: deltaSeq }] });

function setUp() {
  let now = 1_000_000_000;
  let tick = () => {};
  const handlers = new Map<string, (...args: readonly unknown[]) => void>();
  const sent: unknown[] = [];
  const clockAsks: ((answer: unknown) => void)[] = [];
  const heard: string[] = [];
  const note = (kind: string, items: FeedItems) =>
    heard.push(`${kind} ${items.gone.map((one) => one.id).join()}`.trim());
  let isClosed = false;
  const feed = createLiveFeed(
    {
      now: () => now,
      every: (_, call) => {
        tick = call;
        return () => {
          tick = () => {};
        };
      },
      connect: () => ({
        on: (event, listener) => handlers.set(event, listener),
        emit: (event, ...args) => {
          if (event === 'clock') clockAsks.push(args[0] as (answer: unknown) => void);
          else sent.push(args[0]);
        },
        close: () => {
          isClosed = true;
        },
      }),
    },
    {
      snapshot: (items) => note('snapshot', items),
      delta: (items) => note('delta', items),
      told: () => {},
      clock: (asked, answer, at) => heard.push(`clock ${answer} after ${at - asked}`),
      viewChanged: (id) => heard.push(`view ${id}`),
      link: (state) => heard.push(state),
    },
    { sample: 1 },
  );
  return {
    feed,
    heard,
    sent,
    clockAsks,
    isClosed: () => isClosed,
    hear: (event: string, ...args: readonly unknown[]) => handlers.get(event)?.(...args),
    pass: (micros: number) => {
      now += micros;
      tick();
    },
  };
}

describe('the live feed', () => {
  it('watches when it connects, and passes on what comes', () => {
    const { heard, sent, hear } = setUp();
    hear('connect');
    hear('snapshot', numbered(7));
    hear('delta', numbered(8));
    expect(sent).toEqual([{ sample: 1 }]);
    expect(heard).toEqual(['connected', 'snapshot d7', 'delta d8']);
  });

  it('resumes from where it was after a broken connection', () => {
    const { heard, sent, hear } = setUp();
    hear('connect');
    hear('snapshot', numbered(7));
    hear('delta', numbered(8));
    hear('disconnect');
    hear('connect');
    expect(sent.at(-1)).toEqual({ epoch: 'one', deltaSeq: 8, sample: 1 });
    expect(heard.slice(-2)).toEqual(['disconnected', 'connected']);
  });

  it('asks for what is missing at a gap, once, and goes on when it has come', () => {
    const { sent, heard, hear } = setUp();
    hear('connect');
    hear('snapshot', numbered(1));
    hear('delta', numbered(4));
    hear('delta', numbered(5));
    expect(sent.slice(1)).toEqual([{ epoch: 'one', deltaSeq: 1, sample: 1 }]);
    for (const missed of [2, 3, 4, 5, 6]) hear('delta', numbered(missed));
    expect(heard.slice(-5)).toEqual(['delta d2', 'delta d3', 'delta d4', 'delta d5', 'delta d6']);
    hear('delta', numbered(7));
    expect(sent).toHaveLength(2);
  });

  it('asks for a snapshot when a gap is not filled', () => {
    const { sent, hear, pass } = setUp();
    hear('connect');
    hear('snapshot', numbered(1));
    hear('delta', numbered(4));
    pass(2_500_000);
    hear('delta', numbered(5));
    expect(sent.at(-1)).toEqual({ sample: 1 });
  });

  it('begins anew when the server has restarted', () => {
    const { sent, heard, hear } = setUp();
    hear('connect');
    hear('snapshot', numbered(100));
    hear('disconnect');
    hear('connect');
    hear('delta', numbered(1, 'two'));
    expect(sent.at(-1)).toEqual({ sample: 1 });
    hear('snapshot', numbered(2, 'two'));
    hear('delta', numbered(3, 'two'));
    expect(heard.slice(-2)).toEqual(['snapshot d2', 'delta d3']);
    expect(heard).not.toContain('delta d1');
  });

  it('takes repeated deltas without harm and without asking', () => {
    const { sent, hear } = setUp();
    hear('connect');
    hear('snapshot', numbered(3));
    hear('delta', numbered(2));
    hear('delta', numbered(3));
    hear('delta', numbered(4));
    expect(sent).toHaveLength(1);
  });

  it('takes nothing that is not a delta, and asks for a snapshot instead', () => {
    const { sent, heard, hear } = setUp();
    hear('connect');
    hear('snapshot', numbered(1));
    for (const hostile of [null, 7, 'x', [], {}, { ...delta(2), exchanges: [['x']] }, { ...delta(2), cells: null }]) {
      hear('delta', hostile);
    }
    expect(heard).toEqual(['connected', 'snapshot d1']);
    expect(sent.at(-1)).toEqual({ sample: 1 });
  });

  it('says that it is stale when nothing is heard, and connected again with the next word', () => {
    const { heard, hear, pass } = setUp();
    hear('connect');
    hear('snapshot', numbered(1));
    pass(STALE_MICROS + 1);
    expect(heard.at(-1)).toBe('stale');
    hear('delta', numbered(2));
    expect(heard.slice(-2)).toEqual(['connected', 'delta d2']);
  });

  it("asks for the server's clock, often at first", () => {
    const { heard, hear, pass, clockAsks } = setUp();
    hear('connect');
    for (let i = 0; i < 4; i++) pass(500_000);
    expect(clockAsks).toHaveLength(5);
    pass(3_000);
    clockAsks.at(-1)?.(42);
    clockAsks.at(-1)?.('no time');
    expect(heard.filter((one) => one.startsWith('clock'))).toEqual(['clock 42 after 0']);
  });

  it('watches anew for another sample, and ends when it is closed', () => {
    const { feed, sent, hear, isClosed } = setUp();
    hear('connect');
    feed.setSample(10);
    expect(sent.at(-1)).toEqual({ sample: 10 });
    feed.close();
    expect(isClosed()).toBe(true);
  });
});

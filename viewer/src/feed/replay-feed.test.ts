import type { ExchangeTuple, FeedItems } from '@soa-monitor/protocol';
import { describe, expect, it } from 'vitest';
import type { Answer, Api } from './api.ts';
import { loadReplay } from './replay-feed.ts';

const NONE: FeedItems = { nodes: [], links: [], states: [], exchanges: [], cells: [], gone: [] };
const WINDOW = { from: 1_000, to: 2_000 };
const exchange = (at: number): ExchangeTuple => [`x${at}`, 1, 'l', '', 7, at, at, at, at, 0];

/** Pages by cursor; each answer waits to be let go. */
function setUp(pages: readonly { at: number; cursor: string | null }[], failing?: number) {
  const heard: string[] = [];
  const replies: (() => void)[] = [];
  const gate = <Value>(answer: Answer<Value>) =>
    new Promise<Answer<Value>>((resolve) => replies.push(() => resolve(answer)));
  let page = 0;
  const asked: (string | undefined)[] = [];
  const api = {
    pictureAt: (at: number) => gate({ kind: 'ok' as const, value: { at, feed: NONE } }),
    replay: ({ cursor }: { cursor?: string }) => {
      asked.push(cursor);
      if (page === failing) return gate<never>({ kind: 'failed', status: 503, words: 'The store is busy.' });
      const { at, cursor: next } = pages[page++] ?? { at: 0, cursor: null };
      const feed = { ...NONE, exchanges: [exchange(at)] };
      return gate({ kind: 'ok' as const, value: { window: WINDOW, sample: 1, feed, cursor: next } });
    },
  } as unknown as Api;
  const abort = loadReplay(
    { api },
    WINDOW,
    {
      items: (items) => heard.push(`items ${items.exchanges.map((one) => one[0]).join()}`.trim()),
      progress: (until, share) => heard.push(`${until} ${share}`),
      told: () => {},
      failed: (words) => heard.push(words),
      done: () => heard.push('done'),
    },
    { sample: 1 },
  );
  const next = async () => {
    replies.shift()?.();
    await new Promise(setImmediate);
  };
  return { heard, asked, next, abort };
}

describe('the replay feed', () => {
  it('reads the picture at the beginning, then page after page, and tells how far it is', async () => {
    const { heard, asked, next } = setUp([
      { at: 1_250, cursor: 'p2' },
      { at: 1_750, cursor: null },
    ]);
    await next();
    expect(heard).toEqual(['items']);
    await next();
    expect(heard.slice(1)).toEqual(['items x1250', '1250 0.25']);
    await next();
    expect(heard.slice(3)).toEqual(['items x1750', '2000 1', 'done']);
    expect(asked).toEqual([undefined, 'p2']);
  });
  it('says why it stopped, and keeps what came before', async () => {
    const { heard, next } = setUp([{ at: 1_250, cursor: 'p2' }], 1);
    for (let i = 0; i < 3; i++) await next();
    expect(heard).toEqual(['items', 'items x1250', '1250 0.25', 'The store is busy.']);
  });
  it('says nothing more once it is aborted', async () => {
    const { heard, next, abort } = setUp([{ at: 1_250, cursor: null }]);
    await next();
    abort();
    await next();
    expect(heard).toEqual(['items']);
  });
});

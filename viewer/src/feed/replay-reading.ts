import type { FeedItems, Replay, Window } from '@soa-monitor/protocol';
import type { Answer, Api } from './api.ts';

export const REPLAY_PAGE = 5_000;
/** Pages of one stretch; a stretch is made so short that it takes few of them. */
const PAGES_MAX = 40;

/** All pages of a window, in the order of time. Ends at the first answer that is none. */
export async function* pagesOf(
  api: Pick<Api, 'replay'>,
  query: { readonly window: Window; readonly sample: number },
  signal: AbortSignal,
): AsyncGenerator<Answer<Replay>> {
  let cursor: string | null = null;
  for (let page = 0; page < PAGES_MAX; page++) {
    const answer: Answer<Replay> = await api.replay(
      { ...query, limit: REPLAY_PAGE, ...(cursor === null ? {} : { cursor }) },
      signal,
    );
    yield answer;
    if (answer.kind !== 'ok' || answer.value.cursor === null) return;
    cursor = answer.value.cursor;
  }
  yield {
    kind: 'failed',
    status: 0,
    words: `A stretch of this window holds more than ${PAGES_MAX} pages of messages.`,
  };
}

/** Pages come in the order of time: everything before the last start on a page has come. */
export function lastIn(feed: FeedItems): number {
  let last = 0;
  for (const exchange of feed.exchanges) last = Math.max(last, exchange[5] ?? exchange[6] ?? 0);
  if (feed.exchanges.length > 0) return last;
  for (const cell of feed.cells) last = Math.max(last, cell[1] * 1_000_000);
  return last;
}

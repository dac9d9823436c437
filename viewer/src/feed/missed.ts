import type { FeedItems, Window } from '@soa-monitor/protocol';
import type { Api } from './api.ts';
import { pagesOf } from './replay-reading.ts';

/**
 * Reads what a live feed missed from the store: a snapshot tells of the present only. Items are absolute, so what was heard
 * meanwhile does no harm. Gives why it could not be read, in words; null: all of it was.
 */
export async function readMissed(
  api: Pick<Api, 'pictureAt' | 'replay'>,
  window: Window,
  take: (items: FeedItems) => void,
  signal: AbortSignal,
): Promise<string | null> {
  const before = await api.pictureAt(window.from, signal);
  if (before.kind !== 'ok') return before.kind === 'failed' ? before.words : null;
  take(before.value.feed);
  for await (const page of pagesOf(api, { window, sample: 1 }, signal)) {
    if (page.kind !== 'ok') return page.kind === 'failed' ? page.words : null;
    take(page.value.feed);
  }
  return null;
}

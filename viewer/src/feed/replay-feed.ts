import type { FeedItems, Window } from '@soa-monitor/protocol';
import type { Api } from './api.ts';

export interface ReplayListener {
  items(items: FeedItems): void;
  /** Everything up to `until` has come; `share` of the window. */
  progress(until: number, share: number): void;
  told(news: { readonly sample: number }): void;
  failed(words: string): void;
  done(): void;
}

export const REPLAY_PAGE = 5_000;
/** A window beyond this is shown as far as it was read, and said so. */
export const REPLAY_PAGES_MAX = 100;

/** Reads a past window, its beginning first: the picture at `from`, then page after page. Gives the abort. */
export function loadReplay(
  parts: { readonly api: Api },
  window: Window,
  listener: ReplayListener,
  settings: { readonly sample: number },
): () => void {
  const abort = new AbortController();
  void read(parts.api, window, listener, settings.sample, abort.signal);
  return () => abort.abort();
}

async function read(
  api: Api,
  window: Window,
  listener: ReplayListener,
  sample: number,
  signal: AbortSignal,
): Promise<void> {
  const picture = await api.pictureAt(window.from, signal);
  if (signal.aborted || picture.kind === 'aborted') return;
  if (picture.kind === 'failed') return listener.failed(picture.words);
  listener.items(picture.value.feed);
  let until = window.from;
  let cursor: string | null = null;
  for (let page = 0; page < REPLAY_PAGES_MAX; page++) {
    const query = { window, sample, limit: REPLAY_PAGE, ...(cursor === null ? {} : { cursor }) };
    const answer = await api.replay(query, signal);
    if (signal.aborted || answer.kind === 'aborted') return;
    if (answer.kind === 'failed') return listener.failed(answer.words);
    const { feed, sample: k } = answer.value;
    listener.told({ sample: k });
    listener.items(feed);
    cursor = answer.value.cursor;
    if (cursor === null) {
      listener.progress(window.to, 1);
      return listener.done();
    }
    until = Math.max(until, lastIn(feed));
    listener.progress(until, (until - window.from) / (window.to - window.from));
  }
  listener.failed(
    `This window holds more than ${REPLAY_PAGES_MAX * REPLAY_PAGE} messages: only its beginning is shown.`,
  );
}

/** Pages come in the order of time: everything before the last start on a page has come. */
function lastIn(feed: FeedItems): number {
  let last = 0;
  for (const exchange of feed.exchanges) last = Math.max(last, exchange[5] ?? exchange[6] ?? 0);
  if (feed.exchanges.length > 0) return last;
  for (const cell of feed.cells) last = Math.max(last, cell[1] * 1_000_000);
  return last;
}

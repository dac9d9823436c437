import { type FeedItems, isSampled, type Window } from '@soa-monitor/protocol';
import type { Answer, Api } from './api.ts';
import { CELLS_MAX, densityOf, PLAIN_MAX, reachAround, sampleFor } from './replay-reach.ts';
import { lastIn, pagesOf, REPLAY_PAGE } from './replay-reading.ts';

/** What the feed tells as it reads. */
export interface ReplayListener {
  /** Nothing of before holds any more: the picture begins anew. */
  begin(): void;
  items(items: FeedItems): void;
  /** Every moment of the stretch can be shown. `share` of what is wanted around the playhead has come; 1: the picture there is right. */
  there(stretch: Window | null, share: number): void;
  told(news: { readonly sample: number }): void;
  /** Why it does not go on, in words for the user; null: it does again. */
  failed(words: string | null): void;
}

export interface ReplayFeedParts {
  readonly api: Pick<Api, 'pictureAt' | 'replay'>;
  /** Local µs. */
  readonly now: () => number;
  /** The picture that is fed: how much it holds, and how to let go of some. */
  readonly kept: {
    held(): { readonly exchanges: number; readonly cells: number };
    narrow(from: number, to: number): void;
    thin(isWanted: (id: string) => boolean): void;
  };
}

/**
 * Reads a past window around the playhead: at a jump the picture a little before it and what follows; then ahead of the way
 * it runs, a little behind, and the whole window if that is not much. One question at a time; what is held is bounded.
 */
export interface ReplayFeed {
  /** Where the picture is, and how fast it runs (times real time, below 0 backwards). A few times a second. */
  follow(playhead: number, speed: number): void;
  close(): void;
}

/** So much before a jump's moment is read with it, for dots that are still on their way. */
const LEAD_MICROS = 2_000_000;
/** One question tells the estate of no longer a stretch than this. */
const STRETCH_MICROS = 900_000_000;
const RETRY_MICROS = 2_000_000;

export function createReplayFeed(
  { api, now, kept }: ReplayFeedParts,
  window: Window,
  listener: ReplayListener,
  settings: { readonly sample: number },
): ReplayFeed {
  let aim = { playhead: window.from, speed: 1 };
  let sample = settings.sample;
  let there: Window | null = null;
  /** Where the pages that follow `there` go on. */
  let onward: { readonly from: number; readonly to: number; readonly cursor: string } | null = null;
  let busy: AbortController | null = null;
  let failedAt: number | null = null;

  function tell(isDone: boolean): void {
    const reach = reachAround(aim, window);
    const covered = there === null ? 0 : Math.max(0, Math.min(there.to, reach.to) - Math.max(there.from, reach.from));
    const isWhole = there !== null && (isDone || there.from <= window.from) && there.to >= window.to;
    const share = isWhole || isDone ? 1 : Math.min(0.99, covered / Math.max(1, reach.to - reach.from));
    listener.there(there, there === null ? 0 : covered >= reach.to - reach.from ? 1 : share);
  }

  /** Gives the answer's value; otherwise says why there is none. */
  function answered<Value>(answer: Answer<Value>): Value | null {
    if (answer.kind === 'ok') {
      if (failedAt !== null) listener.failed(null);
      failedAt = null;
      return answer.value;
    }
    if (answer.kind === 'failed') {
      failedAt = now();
      listener.failed(answer.words);
    }
    return null;
  }

  async function jump(signal: AbortSignal): Promise<boolean> {
    there = null;
    onward = null;
    sample = settings.sample;
    listener.begin();
    tell(false);
    const from = Math.max(window.from, Math.floor(Math.min(aim.playhead, window.to) - LEAD_MICROS));
    const to = Math.min(window.to, from + STRETCH_MICROS);
    const [picture, page] = await Promise.all([
      api.pictureAt(from, signal),
      api.replay({ window: { from, to }, sample, limit: REPLAY_PAGE }, signal),
    ]);
    if (signal.aborted) return false;
    // Both or none: one good answer does not say that it goes on again.
    if (picture.kind !== 'ok') return answered(picture) !== null;
    const first = answered(page);
    if (first === null) return false;
    listener.items(sampled(picture.value.feed));
    listener.items(first.feed);
    listener.told({ sample: first.sample });
    moveOn(from, to, from, first.cursor, first.feed);
    const wanted = there === null ? sample : sampleOf(there);
    if (wanted > sample) takeFewer(wanted);
    return true;
  }

  const sampleOf = (stretch: Window): number =>
    sampleFor(densityOf(kept.held().exchanges * sample, stretch), Math.abs(aim.speed), settings.sample);

  function moveOn(from: number, to: number, until: number, cursor: string | null, feed: FeedItems): void {
    const reached = cursor === null ? to : Math.min(to, Math.max(until, lastIn(feed)));
    there = { from: there?.from ?? from, to: reached };
    onward = cursor === null ? null : { from, to, cursor };
  }

  async function later(stretch: Window, signal: AbortSignal): Promise<boolean> {
    const from = onward?.from ?? stretch.to;
    const to = onward?.to ?? Math.min(window.to, stretch.to + STRETCH_MICROS);
    const after = onward === null ? {} : { cursor: onward.cursor };
    const page = answered(await api.replay({ window: { from, to }, sample, limit: REPLAY_PAGE, ...after }, signal));
    if (page === null || signal.aborted) return false;
    listener.items(page.feed);
    moveOn(from, to, stretch.to, page.cursor, page.feed);
    return true;
  }

  async function earlier(stretch: Window, signal: AbortSignal): Promise<boolean> {
    const wanted = PLAIN_MAX / 4 / densityOf(kept.held().exchanges, stretch);
    const from = Math.max(
      window.from,
      Math.floor(stretch.from - Math.min(STRETCH_MICROS, Math.max(1_000_000, wanted))),
    );
    const picture = answered(await api.pictureAt(from, signal));
    if (picture === null || signal.aborted) return false;
    listener.items(sampled(picture.feed));
    for await (const answer of pagesOf(api, { window: { from, to: stretch.from }, sample }, signal)) {
      const page = answered(answer);
      if (page === null || signal.aborted) return false;
      listener.items(page.feed);
    }
    there = { from, to: stretch.to };
    return true;
  }

  /** Pictures come whole: what the sample does not hold would be counted twice. */
  const sampled = (feed: FeedItems): FeedItems =>
    sample === 1 ? feed : { ...feed, exchanges: feed.exchanges.filter(([id]) => isSampled(id, sample)) };

  /** What is missing most; null: nothing, or there is no room. */
  function next(): ((signal: AbortSignal) => Promise<boolean>) | null {
    const stretch = there;
    if (stretch === null || !isNear(stretch)) return jump;
    const reach = reachAround(aim, window);
    if (isFull()) makeRoom(stretch, reach);
    // Full of what is wanted: it goes on when the playhead has moved.
    if (there === null || isFull()) return null;
    const goes = (side: 'later' | 'earlier') => (signal: AbortSignal) =>
      side === 'later' ? later(there ?? stretch, signal) : earlier(there ?? stretch, signal);
    const order = aim.speed < 0 ? (['earlier', 'later'] as const) : (['later', 'earlier'] as const);
    const lacks = (side: 'later' | 'earlier', wanted: Window): boolean =>
      side === 'later' ? (there ?? stretch).to < wanted.to : (there ?? stretch).from > wanted.from;
    const side =
      order.find((one) => lacks(one, reach)) ?? (hasRoom() ? order.find((one) => lacks(one, window)) : undefined);
    return side === undefined ? null : goes(side);
  }

  const isFull = (): boolean => kept.held().exchanges > PLAIN_MAX || kept.held().cells > CELLS_MAX;
  const hasRoom = (): boolean => kept.held().exchanges < PLAIN_MAX / 2 && kept.held().cells < CELLS_MAX / 2;

  /** The reading reaches the playhead soon, or stands around it already. */
  const isNear = (stretch: Window): boolean => {
    const reach = reachAround(aim, window);
    return aim.playhead >= stretch.from && (aim.playhead <= stretch.to || reach.from <= stretch.to);
  };

  function makeRoom(stretch: Window, reach: Window): void {
    const [from, to] = [Math.max(stretch.from, reach.from), Math.min(stretch.to, reach.to)];
    if (from > stretch.from || to < stretch.to) {
      kept.narrow(from, to);
      if (to < stretch.to) onward = null;
      there = { from, to };
    }
    // Room for some pages, or each one would begin the same again.
    if (kept.held().exchanges > PLAIN_MAX * 0.8) takeFewer(sample * 2);
  }

  function takeFewer(k: number): void {
    sample = k;
    onward = null;
    kept.thin((id) => isSampled(id, k));
    listener.told({ sample });
  }

  async function work(controller: AbortController): Promise<void> {
    for (let task = next(); task !== null; task = next()) {
      const isDone = await task(controller.signal);
      if (controller.signal.aborted) return;
      if (!isDone) break;
      tell(false);
    }
    busy = null;
    if (failedAt === null) tell(true);
  }

  function begin(): void {
    busy?.abort();
    busy = new AbortController();
    void work(busy);
  }

  return {
    follow(playhead, speed) {
      const isOtherSpeed = Math.abs(speed) !== Math.abs(aim.speed);
      aim = { playhead, speed };
      if (isOtherSpeed && there !== null) {
        const wanted = sampleOf(there);
        if (wanted > sample) takeFewer(wanted);
        else if (wanted < sample) {
          sample = wanted;
          there = null;
          return begin();
        }
      }
      if (busy !== null && (there === null || isNear(there))) return;
      if (failedAt !== null && now() - failedAt < RETRY_MICROS) return;
      if (busy !== null || next() !== null) begin();
    },
    close: () => busy?.abort(),
  };
}

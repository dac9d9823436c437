import type { Accounting, FeedItems } from '@soa-monitor/protocol';
import type { Api } from '../feed/api.ts';
import { createLiveFeed } from '../feed/live-feed.ts';
import { readMissed } from '../feed/missed.ts';
import { LIVE_KEPT_MICROS } from '../model/picture.ts';
import type { LivePicture } from './live-picture.ts';
import type { Past } from './past.ts';
import type { Playback } from './playback.ts';
import type { Problems } from './problems.ts';
import type { Connection } from './session.ts';
import type { ShownChange } from './shown-change.ts';
import type { Surroundings } from './surroundings.ts';

/** What the monitor says by itself, from the moment of the first watch on, and what was missed of it in a break. */
export interface Heard {
  connection(): Connection;
  accounting(): Accounting | null;
  /** 1 in k messages is told. */
  sample(): number;
  /** Where the live picture stands while nobody is heard; null: it runs on. */
  standsAt(): number | null;
  /** Of a replayed window's answer, too: it is the same for what is shown. */
  sampled(sample: number): void;
  /** Whether a state, a node or a link is another than when it was told last. */
  hasNews(): boolean;
  newsTold(): void;
  close(): void;
}

export interface HeardParts {
  readonly api: Pick<Api, 'pictureAt' | 'replay'>;
  readonly surroundings: Surroundings;
  readonly playback: Playback;
  readonly live: LivePicture;
  readonly past: Past;
  readonly problems: Problems;
  readonly show: (change: ShownChange) => void;
  readonly sendAllFlights: () => void;
  readonly refresh: () => void;
  readonly loadPlaces: () => void;
  /** Until then they are asked for with each snapshot. */
  readonly arePlacesKnown: () => boolean;
}

const VIEW_REST_MILLIS = 300;
const MINUTE_MICROS = 60_000_000;

export function hearLive(parts: HeardParts, settings: { readonly view: string; readonly sample: number }): Heard {
  const { api, surroundings, playback, live, past, problems, show, sendAllFlights, refresh, loadPlaces } = parts;
  let connection: Connection = 'connecting';
  let { sample } = settings;
  let accounting: Accounting | null = null;
  let undoReload = (): void => {};
  /** Up to when the live feed was heard without a gap, server time; null: never yet. */
  let heardUntil: number | null = null;
  let missing: AbortController | null = null;
  let hasNewStates = false;
  let toldTopology = live.picture().topologyRevision();

  /** After a break that deltas cannot bridge: the minute before it, and what came meanwhile. Not at the beginning. */
  function readWhatWasMissed(): void {
    const now = Math.floor(playback.serverNow());
    const from = Math.max(
      now - LIVE_KEPT_MICROS,
      Math.floor(Math.min(heardUntil ?? now, playback.playhead())) - MINUTE_MICROS,
    );
    const isFirst = heardUntil === null;
    heardUntil = now;
    if (isFirst) return;
    missing?.abort();
    missing = new AbortController();
    const { signal } = missing;
    const take = (items: FeedItems): void => {
      if (signal.aborted) return;
      const change = live.take(items);
      if (!past.isOpen()) show(change);
    };
    void readMissed(api, { from, to: now + 1 }, take, signal).then((words) => {
      if (signal.aborted) return;
      problems.say('missed', words === null ? null : `What happened meanwhile is not shown: ${words}`);
      refresh();
    });
  }

  const feed = createLiveFeed(
    surroundings,
    {
      snapshot(items) {
        live.replace(items);
        hasNewStates = true;
        past.know(items);
        if (!past.isOpen()) sendAllFlights();
        readWhatWasMissed();
        if (!parts.arePlacesKnown()) loadPlaces();
      },
      delta(items) {
        heardUntil = Math.floor(playback.serverNow());
        hasNewStates ||= items.states.length > 0;
        const change = live.add(items);
        if (past.isOpen()) past.know(items);
        else show(change);
      },
      told(news) {
        sample = news.sample;
        accounting = news.accounting ?? accounting;
      },
      clock: (asked, answer, heard) => playback.serverClock.observe(asked, answer, heard),
      viewChanged(id) {
        if (id !== settings.view) return;
        // Each kept place is told, our own too: one look after the last of them is enough.
        undoReload();
        undoReload = surroundings.after(VIEW_REST_MILLIS, loadPlaces);
      },
      link(state) {
        connection = state;
        refresh();
      },
    },
    { sample },
  );

  return {
    connection: () => connection,
    accounting: () => accounting,
    sample: () => sample,
    standsAt: () => (connection === 'stale' || connection === 'disconnected' ? heardUntil : null),
    sampled(next) {
      sample = next;
    },
    hasNews: () => hasNewStates || live.picture().topologyRevision() !== toldTopology,
    newsTold() {
      hasNewStates = false;
      toldTopology = live.picture().topologyRevision();
    },
    close() {
      missing?.abort();
      undoReload();
      feed.close();
    },
  };
}

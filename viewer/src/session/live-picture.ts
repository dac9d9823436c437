import type { FeedItems } from '@soa-monitor/protocol';
import { createPicture, LIVE_BOUNDS, LIVE_KEPT_MICROS, type Picture } from '../model/picture.ts';
import { observeLateness } from './lateness.ts';
import type { Playback } from './playback.ts';
import type { ShownChange } from './shown-change.ts';

/** The picture of now: fed at all times, also while the past is shown. */
export interface LivePicture {
  picture(): Picture;
  replace(items: FeedItems): void;
  add(items: FeedItems): ShownChange;
  /** As `add`, of what is long past: it says nothing of how late messages come. */
  take(items: FeedItems): ShownChange;
  /** Lets what is too old go; gives the exchanges that went. */
  forget(): readonly string[];
}

export function createLivePicture(playback: Playback, now: () => number): LivePicture {
  let picture = createPicture(LIVE_BOUNDS);
  return {
    picture: () => picture,
    replace(items) {
      picture = createPicture(LIVE_BOUNDS);
      picture.apply(items);
    },
    add(items) {
      const change = picture.apply(items);
      observeLateness(change, playback.delay, now(), playback.serverClock.offset());
      return { exchanges: change.exchanges.map((one) => one.now), gone: change.gone };
    },
    take(items) {
      const change = picture.apply(items);
      return { exchanges: change.exchanges.map((one) => one.now), gone: change.gone };
    },
    forget: () => picture.forget(playback.serverNow() - LIVE_KEPT_MICROS),
  };
}

import type { FeedItems, Window } from '@soa-monitor/protocol';
import type { Api } from '../feed/api.ts';
import { loadReplay, type ReplayListener } from '../feed/replay-feed.ts';
import { createPicture, type Picture, REPLAY_BOUNDS } from '../model/picture.ts';
import type { ShownChange } from './shown-change.ts';

/** The picture of a past window, while and after it is read. */
export interface ReplayPicture {
  readonly picture: Picture;
  close(): void;
}

export interface ReplayWishes extends Omit<ReplayListener, 'items'> {
  changed(change: ShownChange): void;
}

/** What `live` knows of the estate is known here too; its states and traffic come from the window. */
export function openReplayPicture(
  parts: { readonly api: Api; readonly live: Picture },
  window: Window,
  wishes: ReplayWishes,
  settings: { readonly sample: number },
): ReplayPicture {
  const picture = createPicture(REPLAY_BOUNDS);
  const take = (items: FeedItems): void => {
    const change = picture.apply(items);
    wishes.changed({ exchanges: change.exchanges.map((one) => one.now), gone: change.gone });
  };
  const estate = { nodes: [...parts.live.nodes().values()], links: [...parts.live.links().values()] };
  take({ ...estate, states: [], exchanges: [], cells: [], gone: [] });
  const close = loadReplay({ api: parts.api }, window, { ...wishes, items: take }, settings);
  return { picture, close };
}

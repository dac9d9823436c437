import type { FeedItems, Window } from '@soa-monitor/protocol';
import type { Api } from '../feed/api.ts';
import { createReplayFeed, type ReplayListener } from '../feed/replay-feed.ts';
import { FIGURES_SECONDS } from '../model/figures-at.ts';
import { createPicture, type Picture, REPLAY_BOUNDS } from '../model/picture.ts';
import type { ShownChange } from './shown-change.ts';

/** The picture of a past window, while and after it is read. */
export interface ReplayPicture {
  picture(): Picture;
  /**
   * What became known of the estate meanwhile, or when the window was opened sooner than the live picture had come; and of
   * the window's own seconds what was reported late.
   */
  know(news: Pick<FeedItems, 'nodes' | 'links' | 'cells'>): void;
  /** Where it is shown, and how fast: what is missing there is read. */
  follow(playhead: number, speed: number): void;
  close(): void;
}

export interface ReplayWishes extends Omit<ReplayListener, 'items' | 'begin'> {
  changed(change: ShownChange): void;
  /** The picture is another one: all of its exchanges are shown anew. */
  begun(): void;
}

export interface ReplayPictureParts {
  readonly api: Pick<Api, 'pictureAt' | 'replay'>;
  /** What it knows of the estate is known here too, each time the picture begins anew; states and traffic come from the window. */
  readonly live: () => Picture;
  readonly now: () => number;
}

export function openReplayPicture(
  { api, live, now }: ReplayPictureParts,
  window: Window,
  wishes: ReplayWishes,
  settings: { readonly sample: number },
): ReplayPicture {
  const items = (found: FeedItems): void => {
    const change = picture.apply(found);
    wishes.changed({ exchanges: change.exchanges.map((one) => one.now), gone: change.gone });
  };
  const begun = (): Picture => {
    const made = createPicture(REPLAY_BOUNDS);
    made.apply({ ...NOTHING, nodes: [...live().nodes().values()], links: [...live().links().values()] });
    return made;
  };
  let picture = begun();
  // The minute before its beginning is part of the picture there.
  const firstSecond = Math.floor(window.from / SECOND) - FIGURES_SECONDS;
  const lastSecond = Math.ceil(window.to / SECOND);
  const without = (gone: readonly string[]): void => wishes.changed({ exchanges: [], gone });
  const feed = createReplayFeed(
    {
      api,
      now,
      kept: {
        held: () => picture.held(),
        narrow: (from, to) => without(picture.narrow(from, to)),
        thin: (isWanted) => without(picture.thin(isWanted)),
      },
    },
    window,
    {
      ...wishes,
      items,
      begin() {
        picture = begun();
        wishes.begun();
      },
    },
    settings,
  );
  return {
    picture: () => picture,
    know({ nodes, links, cells: all }) {
      const cells = all.filter(([, second]) => second >= firstSecond && second < lastSecond);
      if (nodes.length + links.length + cells.length > 0) picture.apply({ ...NOTHING, nodes, links, cells });
    },
    follow: feed.follow,
    close: feed.close,
  };
}

const SECOND = 1_000_000;
const NOTHING: FeedItems = { nodes: [], links: [], states: [], exchanges: [], cells: [], gone: [] };

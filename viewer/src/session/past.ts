import type { FeedItems, Window } from '@soa-monitor/protocol';
import type { Api } from '../feed/api.ts';
import { LIVE_KEPT_MICROS, type Picture } from '../model/picture.ts';
import { FAILED, findExchange, pastThe } from './find-exchange.ts';
import type { LivePicture } from './live-picture.ts';
import { nextMessage } from './next-message.ts';
import type { Playback } from './playback.ts';
import type { Problems } from './problems.ts';
import { openReplayPicture, type ReplayPicture } from './replay-picture.ts';
import type { Selection } from './session.ts';
import type { ShownChange } from './shown-change.ts';

/** What is no longer live: a replayed window, the steps through it, and a live picture that is held for long. */
export interface Past {
  isOpen(): boolean;
  /** Null: none is open. */
  picture(): Picture | null;
  know(news: Pick<FeedItems, 'nodes' | 'links' | 'cells'>): void;
  /** Reads what is missing around the playhead; opens a window around a picture that has been held too long to be kept. */
  follow(): void;
  open(window: Window, at: number, speed: number, playing: boolean): void;
  leave(): void;
  seek(at: number): void;
  step(direction: 1 | -1): void;
  stepFault(direction: 1 | -1, within: Window): Promise<void>;
}

export interface PastParts {
  readonly api: Pick<Api, 'pictureAt' | 'replay' | 'exchanges'>;
  readonly playback: Playback;
  readonly live: LivePicture;
  /** Local µs. */
  readonly now: () => number;
  readonly problems: Problems;
  readonly show: (change: ShownChange) => void;
  readonly sendAllFlights: () => void;
  readonly tellTimeline: () => void;
  readonly sampled: (sample: number) => void;
  readonly select: (selection: Selection) => void;
  readonly refresh: () => void;
  /** Does it, and shows what came of it at once. */
  readonly command: (act: () => void) => void;
}

const MINUTE_MICROS = 60_000_000;
/** A held picture needs the minute before it, too. */
const HELD_MICROS_MAX = LIVE_KEPT_MICROS - 2 * MINUTE_MICROS;

/** `sample`: 1 in k messages of a window is asked for. */
export function createPast(parts: PastParts, settings: { readonly sample: number }): Past {
  const { api, playback, live, problems, refresh, command } = parts;
  let replayed: ReplayPicture | null = null;
  /** Taken once the window is there. */
  let pendingStep: 1 | -1 | null = null;

  function leave(): void {
    replayed?.close();
    replayed = null;
    problems.say('replay', null);
    pendingStep = null;
  }

  function there(stretch: Window | null, share: number): void {
    const mode = playback.mode();
    playback.loaded(stretch, share);
    parts.tellTimeline();
    if (share < 1) return;
    if (pendingStep !== null) stepTo(pendingStep);
    // Pages come faster than anybody reads: only the one that makes the picture right is shown at once.
    if (mode.kind === 'replay' && mode.loaded < 1) refresh();
  }

  function open(window: Window, at: number, speed: number, playing: boolean): void {
    leave();
    playback.replay(window, at, speed, playing);
    replayed = openReplayPicture(
      { api, live: live.picture, now: parts.now },
      window,
      {
        changed: parts.show,
        begun: parts.sendAllFlights,
        there,
        told: (news) => parts.sampled(news.sample),
        failed(words) {
          problems.say('replay', words);
          refresh();
        },
      },
      settings,
    );
    followReplay();
  }

  /** The live picture keeps some minutes: one that is held for longer is read from the store, or it would fade into nothing. */
  function readWhatIsHeld(): void {
    const at = Math.floor(playback.playhead());
    const now = Math.floor(playback.serverNow());
    if (playback.mode().kind !== 'paused' || now - at < HELD_MICROS_MAX) return;
    open({ from: at - MINUTE_MICROS, to: now }, at, 1, false);
  }

  function followReplay(): void {
    const mode = playback.mode();
    if (mode.kind === 'replay') replayed?.follow(playback.playhead(), mode.speed);
  }

  function stepTo(direction: 1 | -1): void {
    pendingStep = null;
    playback.pause();
    const mode = playback.mode();
    if (mode.kind !== 'replay') return;
    const from = playback.playhead();
    const at = nextMessage((replayed?.picture() ?? live.picture()).exchanges(), from, direction);
    const { there: loaded } = mode;
    if (at !== null && loaded !== undefined && at >= loaded.from && at <= loaded.to) {
      playback.seek(at);
      return;
    }
    void findExchange(api, pastThe(from, mode.window, direction), direction, []).then((found) => {
      if (found.kind === 'found') command(() => playback.seek(found.start));
      else command(() => problems.say('step', found.words));
    });
  }

  function lastMinute(at: number): Window {
    const to = Math.floor(playback.serverNow());
    return { from: Math.min(Math.floor(at), to - MINUTE_MICROS), to };
  }

  return {
    isOpen: () => replayed !== null,
    picture: () => replayed?.picture() ?? null,
    know: (news) => replayed?.know(news),
    follow() {
      readWhatIsHeld();
      followReplay();
    },
    open,
    leave,
    seek(at) {
      if (replayed === null) open(lastMinute(at), at, 1, false);
      else playback.seek(at);
    },
    step(direction) {
      if (replayed !== null) return stepTo(direction);
      const at = playback.playhead();
      open(lastMinute(at), at, 1, false);
      pendingStep = direction;
    },
    async stepFault(direction, within) {
      const found = await findExchange(api, pastThe(playback.playhead(), within, direction), direction, FAILED);
      command(() => {
        if (found.kind === 'none') return problems.say('step', found.words);
        const mode = playback.mode();
        const isInside = mode.kind === 'replay' && found.start >= mode.window.from && found.start <= mode.window.to;
        if (!isInside) open(within, found.start, 1, false);
        playback.pause();
        playback.seek(found.start);
        parts.select({ kind: 'exchange', id: found.id });
      });
    },
  };
}

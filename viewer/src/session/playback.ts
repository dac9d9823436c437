import type { Window } from '@soa-monitor/protocol';
import { createLiveClock, playheadAt, type Timeline } from '../model/clock.ts';
import { createDelay, type Delay } from '../model/delay.ts';
import { createServerClock, type ServerClock } from '../model/server-clock.ts';
import type { Mode } from './session.ts';

/** The mode and the one clock: which moment is shown. Local times are the page's, all others the server's. */
export interface Playback {
  readonly serverClock: ServerClock;
  readonly delay: Delay;
  mode(): Mode;
  timeline(): Timeline;
  playhead(): number;
  /** The server's present. */
  serverNow(): number;
  /** Lets the live picture's delay follow, and stops a replay at its end. Whether the timeline changed. */
  adapt(): boolean;
  goLive(): void;
  pause(): void;
  play(): void;
  replay(window: Window, at: number, speed: number, playing: boolean): void;
  /** The stretch that can be shown (null: none), and the share of what is wanted around the playhead. */
  loaded(there: Window | null, share: number): void;
  seek(at: number): void;
  setSpeed(speed: number): void;
  setLoop(loops: boolean): void;
  /** The live picture stands at a moment while nobody is heard (null: it runs on): what is not known is not drawn as nothing. */
  stand(at: number | null): boolean;
}

export const SPEED_MIN = 0.1;
export const SPEED_MAX = 1_000;

export function createPlayback(now: () => number): Playback {
  const serverClock = createServerClock();
  const delay = createDelay();
  const liveClock = createLiveClock();
  let mode: Mode = { kind: 'live' };
  let timeline: Timeline = liveClock.timeline();
  let there: Window | null = null;
  let stands = false;

  const playhead = (): number => playheadAt(timeline, now());

  function steady(at: number, speed: number, running: boolean, until: number): void {
    timeline = { kind: 'steady', at: now(), playhead: at, speed, running, until };
  }

  /** Replays anew from `at`, as far as has been loaded. */
  function anchor(at: number): void {
    if (mode.kind !== 'replay') return;
    const { window, speed, playing } = mode;
    // What is not there cannot be shown: outside it the playhead stands, and is told to be loading.
    const isThere = there !== null && at >= there.from && at <= there.to;
    const until =
      !isThere || there === null ? at : speed < 0 ? Math.max(window.from, there.from) : Math.min(window.to, there.to);
    steady(at, speed, playing, until);
  }

  function goLive(): void {
    mode = { kind: 'live' };
    timeline = liveClock.timeline();
    stands = false;
  }

  return {
    serverClock,
    delay,
    mode: () => mode,
    timeline: () => timeline,
    playhead,
    serverNow: () => now() + serverClock.offset(),
    adapt() {
      const local = now();
      const hasChanged = liveClock.retarget(local, serverClock.offset(), delay.target(local));
      if (mode.kind === 'live') {
        if (stands) return false;
        timeline = liveClock.timeline();
        return hasChanged;
      }
      if (mode.kind !== 'replay' || !mode.playing) return false;
      const [begin, end] = mode.speed < 0 ? [mode.window.to, mode.window.from] : [mode.window.from, mode.window.to];
      const isAtEnd = mode.speed < 0 ? playhead() <= end : playhead() >= end;
      if (!isAtEnd) return false;
      if (mode.loops !== true) mode = { ...mode, playing: false };
      anchor(mode.loops === true ? begin : end);
      return true;
    },
    goLive,
    pause() {
      const at = playhead();
      if (mode.kind === 'replay') {
        mode = { ...mode, playing: false };
        anchor(at);
      } else {
        mode = { kind: 'paused' };
        steady(at, 1, false, at);
      }
    },
    play() {
      if (mode.kind !== 'replay') {
        goLive();
        return;
      }
      const { window, speed } = mode;
      const at = playhead();
      const isAtEnd = speed < 0 ? at <= window.from : at >= window.to;
      mode = { ...mode, playing: true };
      anchor(isAtEnd ? (speed < 0 ? window.to : window.from) : at);
    },
    replay(window, at, speed, playing) {
      mode = { kind: 'replay', window, playing, speed: within(speed), loaded: 0 };
      there = null;
      anchor(Math.min(window.to, Math.max(window.from, at)));
    },
    loaded(stretch, share) {
      if (mode.kind !== 'replay') return;
      const { there: _, ...rest } = mode;
      const at = playhead();
      mode = { ...rest, loaded: Math.min(1, share), ...(stretch === null ? {} : { there: stretch }) };
      there = stretch;
      anchor(at);
    },
    seek(at) {
      if (mode.kind === 'replay') anchor(Math.min(mode.window.to, Math.max(mode.window.from, at)));
    },
    setSpeed(speed) {
      if (mode.kind !== 'replay') return;
      const at = playhead();
      mode = { ...mode, speed: within(speed) };
      anchor(at);
    },
    stand(at) {
      if (mode.kind !== 'live' || stands === (at !== null)) return false;
      stands = at !== null;
      if (at === null) timeline = liveClock.timeline();
      else steady(Math.min(at, playhead()), 1, false, Math.min(at, playhead()));
      return true;
    },
    setLoop(loops) {
      if (mode.kind === 'replay') mode = { ...mode, loops };
    },
  };
}

const within = (speed: number): number =>
  Math.sign(speed || 1) * Math.min(SPEED_MAX, Math.max(SPEED_MIN, Math.abs(speed)));

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
  loaded(until: number, share: number): void;
  seek(at: number): void;
  setSpeed(speed: number): void;
}

export const SPEED_MIN = 0.1;
export const SPEED_MAX = 100;

export function createPlayback(now: () => number): Playback {
  const serverClock = createServerClock();
  const delay = createDelay();
  const liveClock = createLiveClock();
  let mode: Mode = { kind: 'live' };
  let timeline: Timeline = liveClock.timeline();
  let loadedUntil = 0;

  const playhead = (): number => playheadAt(timeline, now());

  function steady(at: number, speed: number, running: boolean, until: number): void {
    timeline = { kind: 'steady', at: now(), playhead: at, speed, running, until };
  }

  /** Replays anew from `at`, as far as has been loaded. */
  function anchor(at: number): void {
    if (mode.kind === 'replay') steady(at, mode.speed, mode.playing, Math.min(mode.window.to, loadedUntil));
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
        timeline = liveClock.timeline();
        return hasChanged;
      }
      if (mode.kind === 'replay' && mode.playing && playhead() >= mode.window.to) {
        mode = { ...mode, playing: false };
        anchor(mode.window.to);
        return true;
      }
      return false;
    },
    goLive() {
      mode = { kind: 'live' };
      timeline = liveClock.timeline();
    },
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
        mode = { kind: 'live' };
        timeline = liveClock.timeline();
        return;
      }
      const at = playhead() >= mode.window.to ? mode.window.from : playhead();
      mode = { ...mode, playing: true };
      anchor(at);
    },
    replay(window, at, speed, playing) {
      mode = { kind: 'replay', window, playing, speed: within(speed), loaded: 0 };
      loadedUntil = window.from;
      steady(Math.min(window.to, Math.max(window.from, at)), mode.speed, false, window.from);
    },
    loaded(until, share) {
      if (mode.kind !== 'replay') return;
      mode = { ...mode, loaded: Math.min(1, share) };
      loadedUntil = until;
      anchor(playhead());
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
  };
}

const within = (speed: number): number => Math.min(SPEED_MAX, Math.max(SPEED_MIN, speed));

import type { Window } from '@soa-monitor/protocol';
import type { ViewChoices } from '../app/view-choices.ts';
import type { Session } from '../session/session.ts';
import { nextSpeed } from './speeds.ts';
import { shownWindow } from './time-scale.ts';

/** A recorder's buttons, for the time bar and for the keys. */
export interface RecorderParts {
  readonly session: Session;
  readonly choices: ViewChoices;
}

export const isRunning = ({ session }: RecorderParts): boolean => {
  const { mode } = session.getSnapshot();
  return mode.kind === 'live' || (mode.kind === 'replay' && mode.playing);
};

export function pauseOrPlay(parts: RecorderParts): void {
  const { commands } = parts.session;
  if (isRunning(parts)) commands.pause();
  else commands.play();
}

export function goLive({ session, choices }: RecorderParts): void {
  choices.change({ context: null });
  session.commands.goLive();
}

/** To the next or previous message. What the time bar shows stays as it is. */
export function step(parts: RecorderParts, direction: 1 | -1): void {
  parts.choices.change({ context: shownNow(parts) });
  parts.session.commands.step(direction);
}

/** To the next or previous call that failed, in what the time bar shows. */
export function stepFault(parts: RecorderParts, direction: 1 | -1): void {
  const shown = shownNow(parts);
  parts.choices.change({ context: shown });
  parts.session.commands.stepFault(direction, shown);
}

/** Turns the way it runs round; out of the live picture it runs back from now. */
export function turnRound(parts: RecorderParts): void {
  const { commands, getSnapshot } = parts.session;
  const { mode, playhead } = getSnapshot();
  if (mode.kind !== 'replay') replay(parts, undefined, { at: playhead, speed: -1 });
  else {
    commands.setSpeed(-mode.speed);
    commands.play();
  }
}

export function toggleLoop({ session }: RecorderParts): void {
  const { mode } = session.getSnapshot();
  if (mode.kind === 'replay') session.commands.setLoop(mode.loops !== true);
}

/** Drags the playhead: the picture stands at each moment, and runs on from the last one if it ran before. */
export function createScrub(parts: RecorderParts) {
  const { session } = parts;
  let ran = false;
  return {
    begin() {
      ran = isRunning(parts);
      if (session.getSnapshot().mode.kind === 'replay') session.commands.pause();
    },
    to: (at: number): void => seek(parts, at, false),
    end: (): void => {
      if (ran) session.commands.play();
    },
  };
}

/** Replays a window of what the time bar shows, or all of it; what is shown stays around it. */
export function replay(
  parts: RecorderParts,
  window?: Window,
  options: { readonly at?: number; readonly playing?: boolean; readonly speed?: number } = {},
): void {
  const shown = shownNow(parts);
  parts.choices.change({ context: shown });
  parts.session.commands.replay(window ?? shown, { playing: true, ...options });
}

/** To a moment: inside the replayed window it is sought there; elsewhere all that is shown is replayed from it. */
export function seek(parts: RecorderParts, at: number, runs?: boolean): void {
  const { mode } = parts.session.getSnapshot();
  const isReplay = mode.kind === 'replay';
  if (isReplay && at >= mode.window.from && at <= mode.window.to) parts.session.commands.seek(at);
  else replay(parts, undefined, { at, playing: runs ?? (!isReplay || mode.playing) });
}

export function changeSpeed({ session }: RecorderParts, direction: 1 | -1): void {
  const { mode } = session.getSnapshot();
  if (mode.kind === 'replay') session.commands.setSpeed(nextSpeed(mode.speed, direction));
}

const shownNow = ({ session, choices }: RecorderParts): Window => {
  const { mode, now } = session.getSnapshot();
  const { spanMicros, context } = choices.get();
  return shownWindow(mode, now, spanMicros, context);
};

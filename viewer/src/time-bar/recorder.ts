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

/** Replays a window of what the time bar shows, or all of it; what is shown stays around it. */
export function replay(
  parts: RecorderParts,
  window?: Window,
  options: { readonly at?: number; readonly playing?: boolean } = {},
): void {
  const shown = shownNow(parts);
  parts.choices.change({ context: shown });
  parts.session.commands.replay(window ?? shown, { playing: true, ...options });
}

/** To a moment: inside the replayed window it is sought there; elsewhere all that is shown is replayed from it. */
export function seek(parts: RecorderParts, at: number): void {
  const { mode } = parts.session.getSnapshot();
  const isReplay = mode.kind === 'replay';
  if (isReplay && at >= mode.window.from && at <= mode.window.to) parts.session.commands.seek(at);
  else replay(parts, undefined, { at, playing: !isReplay || mode.playing });
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

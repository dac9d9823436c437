import { describe, expect, it } from 'vitest';
import { emptySnapshot, NOW, sessionStandIn } from '../app/session-stand-in.ts';
import { createViewChoices, FIRST_CHOICES } from '../app/view-choices.ts';
import { createScrub, goLive, replay, seek, step, stepFault, toggleLoop, turnRound } from './recorder.ts';

const MINUTE = 60_000_000;
const shown = { from: NOW - 5 * MINUTE, to: NOW };

function recorder() {
  const stand = sessionStandIn(emptySnapshot);
  const choices = createViewChoices(FIRST_CHOICES);
  return { ...stand, choices, parts: { session: stand.session, choices } };
}

describe('the recorder', () => {
  it('goes back from live: a moment on the bar replays what is shown, from there', () => {
    const { parts, session, choices } = recorder();
    seek(parts, NOW - MINUTE);
    expect(session.getSnapshot()).toMatchObject({
      playhead: NOW - MINUTE,
      mode: { kind: 'replay', window: shown, playing: true },
    });
    expect(choices.get().context).toEqual(shown);
  });
  it('replays a picked window, and still shows what is around it', () => {
    const { parts, session, choices } = recorder();
    const window = { from: NOW - 3 * MINUTE, to: NOW - 2 * MINUTE };
    replay(parts, window);
    expect(session.getSnapshot().mode).toMatchObject({ window, playing: true });
    expect(choices.get().context).toEqual(shown);
  });
  it('seeks inside the replayed window, and widens it for a moment outside, held as it was', () => {
    const { parts, session, given } = recorder();
    replay(parts, { from: NOW - 3 * MINUTE, to: NOW - 2 * MINUTE }, { playing: false });
    seek(parts, NOW - 2.5 * MINUTE);
    expect(given.at(-1)).toBe(`seek(${NOW - 2.5 * MINUTE})`);
    seek(parts, NOW - MINUTE);
    expect(session.getSnapshot().mode).toMatchObject({ window: shown, playing: false });
  });
  it('is dragged back out of the live picture: it stands while it is dragged, and runs on from where it is let go', () => {
    const { parts, session } = recorder();
    const scrub = createScrub(parts);
    scrub.begin();
    scrub.to(NOW - 2 * MINUTE);
    expect(session.getSnapshot()).toMatchObject({
      playhead: NOW - 2 * MINUTE,
      mode: { window: shown, playing: false },
    });
    scrub.to(NOW - MINUTE);
    scrub.end();
    expect(session.getSnapshot()).toMatchObject({ playhead: NOW - MINUTE, mode: { window: shown, playing: true } });
  });
  it('runs backwards out of the live picture, and turns round at the same speed', () => {
    const { parts, session, given } = recorder();
    turnRound(parts);
    expect(given.at(-1)).toBe(`replay(${JSON.stringify(shown)}, {"playing":true,"at":${NOW - 120_000},"speed":-1})`);
    session.commands.setSpeed(-10);
    turnRound(parts);
    expect(session.getSnapshot().mode).toMatchObject({ speed: 10, playing: true });
  });
  it('repeats a window until it is told not to', () => {
    const { parts, session } = recorder();
    replay(parts);
    toggleLoop(parts);
    expect(session.getSnapshot().mode).toMatchObject({ loops: true });
    toggleLoop(parts);
    expect(session.getSnapshot().mode).toMatchObject({ loops: false });
  });
  it('looks for failed calls in what is shown, and keeps showing that', () => {
    const { parts, given, choices } = recorder();
    stepFault(parts, -1);
    expect(given).toEqual([`stepFault(-1, ${JSON.stringify(shown)})`]);
    expect(choices.get().context).toEqual(shown);
  });
  it('keeps what is shown when it steps, and lets it go when it goes live', () => {
    const { parts, choices, given } = recorder();
    step(parts, -1);
    expect(choices.get().context).toEqual(shown);
    goLive(parts);
    expect(choices.get().context).toBeNull();
    expect(given).toEqual(['step(-1)', 'goLive()']);
  });
});

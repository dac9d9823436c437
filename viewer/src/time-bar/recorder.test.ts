import { describe, expect, it } from 'vitest';
import { emptySnapshot, NOW, sessionStandIn } from '../app/session-stand-in.ts';
import { createViewChoices, FIRST_CHOICES } from '../app/view-choices.ts';
import { goLive, replay, seek, step } from './recorder.ts';

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
  it('keeps what is shown when it steps, and lets it go when it goes live', () => {
    const { parts, choices, given } = recorder();
    step(parts, -1);
    expect(choices.get().context).toEqual(shown);
    goLive(parts);
    expect(choices.get().context).toBeNull();
    expect(given).toEqual(['step(-1)', 'goLive()']);
  });
});

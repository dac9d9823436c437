import { describe, expect, it } from 'vitest';
import { type AddressBar, keepAddress } from './keep-address.ts';
import { emptySnapshot, NOW, sessionStandIn } from './session-stand-in.ts';
import { createViewChoices, FIRST_CHOICES } from './view-choices.ts';

function open(search: string) {
  const steps: string[] = [];
  const listeners = new Set<() => void>();
  let millis = 0;
  const location = { search, pathname: '/' };
  const bar: AddressBar = {
    location,
    history: {
      pushState: (_data, _unused, url) => void steps.push(`push ${url}`),
      replaceState: (_data, _unused, url) => void steps.push(`replace ${url}`),
    },
    addEventListener: (_event, listener) => void listeners.add(listener),
    removeEventListener: (_event, listener) => void listeners.delete(listener),
  };
  const stand = sessionStandIn(emptySnapshot);
  const choices = createViewChoices(FIRST_CHOICES);
  const stop = keepAddress(stand.session, choices, bar, () => millis);
  const goBackTo = (before: string) => {
    location.search = before;
    for (const listener of listeners) listener();
  };
  return { ...stand, choices, steps, stop, goBackTo, pass: (by: number) => (millis += by), listeners };
}

describe('keeping the address', () => {
  it('opens the view that the address describes, paused at its playhead', () => {
    const from = NOW - 600_000_000;
    const { session, steps, choices } = open(
      `?level=server&link=l1&from=${from}&to=${NOW}&at=${from + 5}&speed=10&theme=dark`,
    );
    expect(session.getSnapshot()).toMatchObject({
      level: 'server',
      selection: { kind: 'link', id: 'l1' },
      playhead: from + 5,
      mode: { kind: 'replay', window: { from, to: NOW }, speed: 10, playing: false },
    });
    expect(choices.get().theme).toBe('dark');
    expect(steps).toEqual([]);
  });
  it('makes one step of a selection, so that Back undoes it', () => {
    const { session, steps, goBackTo } = open('');
    session.commands.select({ kind: 'node', id: 'bank' });
    expect(steps).toEqual(['push ?node=bank']);
    goBackTo('');
    expect(session.getSnapshot().selection).toBeNull();
    expect(steps).toHaveLength(1);
  });
  it('goes live again when Back leaves a replay', () => {
    const { session, goBackTo } = open('?from=100&to=200');
    goBackTo('');
    expect(session.getSnapshot().mode.kind).toBe('live');
  });
  it('writes the passing playhead at most once a second, and adds no step for it', () => {
    const { session, steps, pass } = open('?from=100&to=200');
    for (let at = 101; at < 141; at += 1) {
      pass(250);
      session.commands.seek(at);
    }
    expect(steps).toHaveLength(10);
    expect(steps.every((step) => step.startsWith('replace '))).toBe(true);
  });
  it('stops when told to', () => {
    const { session, steps, stop, listeners } = open('');
    stop();
    session.commands.setLevel('machine');
    expect(steps).toEqual([]);
    expect(listeners.size).toBe(0);
  });
});

import { describe, expect, it } from 'vitest';
import { type AddressBar, keepAddress } from './keep-address.ts';
import { emptySnapshot, NOW, sessionStandIn } from './session-stand-in.ts';
import { createViewChoices, FIRST_CHOICES } from './view-choices.ts';
import { formatSearch, parseSearch } from './view-url.ts';

function open(search: string) {
  const steps: string[] = [];
  const listeners = new Set<() => void>();
  let millis = 0;
  let address = search;
  const bar: AddressBar = {
    read: () => parseSearch(address),
    write(view, step) {
      address = formatSearch(view);
      steps.push(`${step ? 'push' : 'replace'} ${address}`);
      for (const listener of listeners) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  const stand = sessionStandIn(emptySnapshot);
  const choices = createViewChoices(FIRST_CHOICES);
  const stop = keepAddress(stand.session, choices, bar, () => millis);
  const goBackTo = (before: string) => {
    address = before;
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
  it('opens with what was looked for, the camera and the transaction, and follows them', () => {
    const { session, choices, steps, pass } = open(
      '?camera=1.0,-2.5,0.500&find=bank*&rest=hide&transaction=t1&wall=on',
    );
    expect(session.getSnapshot().camera).toEqual({ x: 1, y: -2.5, zoom: 0.5 });
    expect(choices.get()).toMatchObject({ find: 'bank*', hiding: 'hide', transaction: 't1', wall: true });
    pass(2_000);
    choices.change({ find: '' });
    session.commands.setCamera(null);
    pass(2_000);
    choices.change({ wall: false });
    expect(steps.at(-1)).toBe('replace ?rest=hide&transaction=t1');
  });
  it('opens with how the map is looked at and what is repeated, and follows them', () => {
    const { session, choices, steps } = open(
      '?from=100&to=200&at=150&loop=on&around=50,900&layout=layered&light=hops,bank,2&table=links&details=folded',
    );
    expect(session.getSnapshot()).toMatchObject({
      mode: { kind: 'replay', loops: true },
      mapView: { arrangement: 'layered', light: { kind: 'hops', from: 'bank', hops: 2 } },
    });
    expect(choices.get()).toMatchObject({ tableOf: 'link', panelFolded: true, context: { from: 50, to: 900 } });
    expect(steps).toEqual([]);
    session.commands.map.light(null);
    expect(steps.at(-1)).toMatch(/^push /);
    expect(steps.at(-1)).not.toMatch(/light=/);
  });
  it('shows a live picture that is held as that moment of the past', () => {
    const { session, steps } = open('');
    session.commands.pause();
    const { playhead } = session.getSnapshot();
    expect(steps).toEqual([`push ?from=${playhead - 60_000_000}&to=${playhead}&at=${playhead}`]);
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

import { describe, expect, it } from 'vitest';
import { perform } from './keep-shortcuts.ts';
import { emptySnapshot, NOW, sessionStandIn } from './session-stand-in.ts';
import { actionOf, type KeyStroke, SHORTCUTS } from './shortcuts.ts';
import { createViewChoices, FIRST_CHOICES } from './view-choices.ts';

const key = (name: string, held: Partial<KeyStroke> = {}): KeyStroke => ({
  key: name,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  ...held,
});

function page() {
  const stand = sessionStandIn(emptySnapshot);
  const choices = createViewChoices(FIRST_CHOICES);
  let searched = 0;
  const press = (name: string) => {
    const action = actionOf(key(name), 'page');
    if (action !== null) perform(action, { session: stand.session, choices, focusSearch: () => (searched += 1) });
  };
  return { ...stand, choices, press, searched: () => searched };
}

describe('shortcuts', () => {
  it('have one meaning for each key', () => {
    const keys = SHORTCUTS.flatMap((shortcut) => shortcut.keys);
    expect(new Set(keys).size).toBe(keys.length);
  });
  it('leave text to fields, Space to buttons and the browser its own', () => {
    expect(actionOf(key('t'), 'field')).toBeNull();
    expect(actionOf(key(' '), 'button')).toBeNull();
    expect(actionOf(key('l', { ctrlKey: true }), 'page')).toBeNull();
    expect(actionOf(key('k', { ctrlKey: true }), 'field')).toEqual({ kind: 'palette' });
    expect(actionOf(key('q'), 'page')).toBeNull();
  });
  it('pause a running picture and play a held one', () => {
    const { press, given } = page();
    press(' ');
    press(' ');
    expect(given).toEqual(['pause()', 'play()']);
  });
  it('change the speed of a replay, step by step, and of nothing else', () => {
    const { press, session, given } = page();
    press(']');
    expect(given).toEqual([]);
    session.commands.replay({ from: NOW - 60_000_000, to: NOW }, { speed: 1 });
    press(']');
    press(']');
    press('[');
    expect(given.slice(1)).toEqual(['setSpeed(2)', 'setSpeed(5)', 'setSpeed(2)']);
  });
  it('close what is open before they clear the selection', () => {
    const { press, choices, given } = page();
    press('T');
    expect(choices.get().tableOpen).toBe(true);
    press('Escape');
    expect(choices.get().tableOpen).toBe(false);
    press('Escape');
    expect(given).toEqual(['select(null)']);
  });
});

import { describe, expect, it } from 'vitest';
import { keepTheme, keptTheme } from './keep-theme.ts';
import { createViewChoices, FIRST_CHOICES } from './view-choices.ts';

function open(dark: boolean, contrast = false) {
  const listeners = new Set<() => void>();
  const kept = new Map<string, string>();
  const darkSystem = {
    matches: dark,
    addEventListener: (_event: 'change', listener: () => void) => void listeners.add(listener),
    removeEventListener: (_event: 'change', listener: () => void) => void listeners.delete(listener),
  };
  const moreContrast = { ...darkSystem, matches: contrast };
  const storage = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
  };
  const root: { dataset: { [name: string]: string | undefined } } = { dataset: {} };
  const scene: string[] = [];
  const choices = createViewChoices(FIRST_CHOICES);
  const stop = keepTheme(
    choices,
    { setTheme: (theme) => void scene.push(theme) },
    { root, darkSystem, moreContrast, storage },
  );
  const systemTurns = (to: boolean) => {
    darkSystem.matches = to;
    for (const listener of listeners) listener();
  };
  return { choices, root, scene, storage, stop, systemTurns, listeners };
}

describe('the theme', () => {
  it("follows the system's choice, also when it changes", () => {
    const { root, scene, systemTurns } = open(true);
    expect(root.dataset.theme).toBe('dark');
    systemTurns(false);
    expect(root.dataset.theme).toBe('light');
    expect(scene).toEqual(['dark', 'light']);
  });
  it('gives more contrast to whom the system says that it is wanted', () => {
    expect(open(false, true).root.dataset.theme).toBe('contrast');
  });
  it("keeps the user's own choice against the system's", () => {
    const { choices, root, storage, systemTurns } = open(false);
    choices.change({ theme: 'dark' });
    systemTurns(false);
    expect(root.dataset.theme).toBe('dark');
    expect(keptTheme(storage)).toBe('dark');
  });
  it('tells the scene only of a change, and nothing after its end', () => {
    const { choices, scene, stop, listeners } = open(false);
    choices.change({ tableOpen: true });
    stop();
    choices.change({ theme: 'dark' });
    expect(scene).toEqual(['light']);
    expect(listeners.size).toBe(0);
  });
});

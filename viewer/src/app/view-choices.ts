import type { TableOf } from '../panels/table-columns.ts';

/**
 * What this viewer has chosen and the session need not know: the theme, the stretch of time the time bar shows while live,
 * and what is open. Outside React, so that the address bar and the shortcuts can read and write it too.
 */
export interface ViewChoices {
  readonly get: () => Choices;
  readonly subscribe: (listener: () => void) => () => void;
  readonly change: (changes: Partial<Choices>) => void;
}

export interface Choices {
  readonly theme: ThemeChoice;
  readonly spanMicros: number;
  /** The window the time bar shows around a replay; null: the replayed window itself. */
  readonly context: { readonly from: number; readonly to: number } | null;
  readonly tableOpen: boolean;
  readonly tableOf: TableOf;
  /** By what it is sorted, as `table-columns.ts` reads it. */
  readonly tableSort: string;
  readonly sheetOpen: boolean;
  readonly paletteOpen: boolean;
  readonly exportOpen: boolean;
  /** The map alone, large, for a screen on the wall. */
  readonly wall: boolean;
  /** What is looked for, in the language of `find/`; empty: nothing. */
  readonly find: string;
  readonly hiding: Hiding;
  /** The transaction drawn over the map. */
  readonly transaction: string | null;
  readonly panelFolded: boolean;
}

export const THEME_CHOICES = ['system', 'light', 'dark', 'contrast'] as const;
export type ThemeChoice = (typeof THEME_CHOICES)[number];
export const THEME_WORDS: Record<ThemeChoice, string> = {
  system: 'as the system',
  light: 'light',
  dark: 'dark',
  contrast: 'high contrast',
};

/** What happens to the rest of the map when something is looked for. */
export const HIDINGS = ['dim', 'hide'] as const;
export type Hiding = (typeof HIDINGS)[number];

const MINUTE = 60_000_000;
export const SPANS = [
  { micros: 5 * MINUTE, word: 'Last 5 min' },
  { micros: 15 * MINUTE, word: 'Last 15 min' },
  { micros: 60 * MINUTE, word: 'Last hour' },
] as const;

export const FIRST_CHOICES: Choices = {
  theme: 'system',
  spanMicros: 5 * MINUTE,
  context: null,
  tableOpen: false,
  tableOf: 'node',
  tableSort: '',
  sheetOpen: false,
  paletteOpen: false,
  exportOpen: false,
  wall: false,
  find: '',
  hiding: 'dim',
  transaction: null,
  panelFolded: false,
};

export function createViewChoices(first: Choices): ViewChoices {
  let choices = first;
  const listeners = new Set<() => void>();
  return {
    get: () => choices,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    change(changes) {
      choices = { ...choices, ...changes };
      for (const listener of listeners) listener();
    },
  };
}

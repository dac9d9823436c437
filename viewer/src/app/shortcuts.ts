import type { MapLevel } from './view-url.ts';

/** What a key stands for on the whole page. Arrows and Enter belong to the map, and to the time bar, where they have the focus. */
export type Action =
  | { readonly kind: 'pauseOrPlay' }
  | { readonly kind: 'goLive' }
  | { readonly kind: 'step'; readonly direction: 1 | -1 }
  | { readonly kind: 'stepFault'; readonly direction: 1 | -1 }
  | { readonly kind: 'turnRound' }
  | { readonly kind: 'speed'; readonly direction: 1 | -1 }
  | { readonly kind: 'search' }
  | { readonly kind: 'onlyErrors' }
  | { readonly kind: 'palette' }
  | { readonly kind: 'wall' }
  | { readonly kind: 'export' }
  | { readonly kind: 'table' }
  | { readonly kind: 'details' }
  | { readonly kind: 'level'; readonly level: MapLevel }
  | { readonly kind: 'fit' }
  | { readonly kind: 'sheet' }
  | { readonly kind: 'clear' };

export interface KeyStroke {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
}

/** Where a key was pressed: in a field it is text; on a button Space and Enter press that button. */
export type Place = 'page' | 'button' | 'field';

export function actionOf(stroke: KeyStroke, place: Place): Action | null {
  const commands = (stroke.ctrlKey || stroke.metaKey) && stroke.key.toLowerCase() === 'k';
  if (commands) return { kind: 'palette' };
  if (stroke.ctrlKey || stroke.metaKey || stroke.altKey || place === 'field') return null;
  if (stroke.key === ' ' && place === 'button') return null;
  return SHORTCUTS.find((shortcut) => shortcut.keys.includes(stroke.key.toLowerCase()))?.action ?? null;
}

/** Every shortcut with its words, as the sheet lists them. */
export const SHORTCUTS: readonly Shortcut[] = [
  { keys: [' '], shown: 'Space', words: 'Pause or play', action: { kind: 'pauseOrPlay' } },
  { keys: ['l'], shown: 'L', words: 'Go live', action: { kind: 'goLive' } },
  { keys: [','], shown: ',', words: 'To the message before', action: { kind: 'step', direction: -1 } },
  { keys: ['.'], shown: '.', words: 'To the next message', action: { kind: 'step', direction: 1 } },
  { keys: ['b'], shown: 'B', words: 'To the failed call before', action: { kind: 'stepFault', direction: -1 } },
  { keys: ['n'], shown: 'N', words: 'To the next failed call', action: { kind: 'stepFault', direction: 1 } },
  { keys: ['r'], shown: 'R', words: 'Play backwards, and forwards again', action: { kind: 'turnRound' } },
  { keys: ['['], shown: '[', words: 'Slower', action: { kind: 'speed', direction: -1 } },
  { keys: [']'], shown: ']', words: 'Faster', action: { kind: 'speed', direction: 1 } },
  { keys: ['/'], shown: '/', words: 'Find on the map', action: { kind: 'search' } },
  { keys: [], shown: 'Ctrl K', words: 'All commands', action: { kind: 'palette' } },
  { keys: ['e'], shown: 'E', words: 'Only errors, and all again', action: { kind: 'onlyErrors' } },
  { keys: ['1'], shown: '1', words: 'Endpoints', action: { kind: 'level', level: 'endpoint' } },
  { keys: ['2'], shown: '2', words: 'Servers', action: { kind: 'level', level: 'server' } },
  { keys: ['3'], shown: '3', words: 'Machines', action: { kind: 'level', level: 'machine' } },
  { keys: ['4'], shown: '4', words: 'Operations', action: { kind: 'level', level: 'operation' } },
  { keys: ['f'], shown: 'F', words: 'Show all of the map', action: { kind: 'fit' } },
  { keys: ['x'], shown: 'X', words: 'Take the map, or a replay, along as a file', action: { kind: 'export' } },
  { keys: ['w'], shown: 'W', words: 'For a screen on the wall, and back', action: { kind: 'wall' } },
  { keys: ['t'], shown: 'T', words: 'The map as a table', action: { kind: 'table' } },
  { keys: ['d'], shown: 'D', words: 'Fold the details', action: { kind: 'details' } },
  { keys: ['?'], shown: '?', words: 'This sheet', action: { kind: 'sheet' } },
  { keys: ['escape'], shown: 'Esc', words: 'Close, or select nothing', action: { kind: 'clear' } },
];

export interface Shortcut {
  readonly keys: readonly string[];
  readonly shown: string;
  readonly words: string;
  readonly action: Action;
}

import { ONLY_ERRORS } from '../find/presets.ts';
import type { Session } from '../session/session.ts';
import { changeSpeed, goLive, pauseOrPlay, step, stepFault, turnRound } from '../time-bar/recorder.ts';
import { type Action, actionOf, type KeyStroke, type Place } from './shortcuts.ts';
import type { Choices, ViewChoices } from './view-choices.ts';

export interface ShortcutParts {
  readonly session: Session;
  readonly choices: ViewChoices;
  readonly focusSearch: () => void;
}

/** Makes the keys of the page do what they stand for. Gives the undo. */
export function keepShortcuts(page: Document, parts: ShortcutParts): () => void {
  const press = (event: KeyboardEvent) => {
    if (event.defaultPrevented || isCovered(parts.choices.get())) return;
    // That one closes what is open over the map, and no more.
    if (event.key === 'Escape' && page.querySelector(':popover-open') !== null) return;
    const action = actionOf(strokeOf(event), placeOf(event.target));
    if (action === null) return;
    event.preventDefault();
    perform(action, parts);
  };
  page.addEventListener('keydown', press);
  return () => page.removeEventListener('keydown', press);
}

export function perform(action: Action, parts: ShortcutParts): void {
  const { session, choices, focusSearch } = parts;
  const { commands } = session;
  const { tableOpen, panelFolded, find, wall } = choices.get();
  switch (action.kind) {
    case 'pauseOrPlay':
      pauseOrPlay(parts);
      break;
    case 'goLive':
      goLive(parts);
      break;
    case 'step':
      step(parts, action.direction);
      break;
    case 'stepFault':
      stepFault(parts, action.direction);
      break;
    case 'turnRound':
      turnRound(parts);
      break;
    case 'speed':
      changeSpeed(parts, action.direction);
      break;
    case 'search':
      focusSearch();
      break;
    case 'onlyErrors':
      choices.change({ find: find === ONLY_ERRORS ? '' : ONLY_ERRORS, transaction: null });
      break;
    case 'palette':
      choices.change({ paletteOpen: true });
      break;
    case 'export':
      choices.change({ exportOpen: true });
      break;
    case 'wall':
      choices.change({ wall: !wall });
      break;
    case 'table':
      choices.change({ tableOpen: !tableOpen });
      break;
    case 'details':
      choices.change({ panelFolded: !panelFolded });
      break;
    case 'level':
      commands.setLevel(action.level);
      break;
    case 'fit':
      commands.fit();
      break;
    case 'sheet':
      choices.change({ sheetOpen: true });
      break;
    case 'clear':
      if (tableOpen) choices.change({ tableOpen: false });
      else if (wall) choices.change({ wall: false });
      else commands.select(null);
      break;
  }
}

/** A sheet over the page has the keys. */
const isCovered = ({ sheetOpen, paletteOpen, exportOpen }: Choices): boolean => sheetOpen || paletteOpen || exportOpen;

const strokeOf = (event: KeyboardEvent): KeyStroke => ({
  key: event.key,
  ctrlKey: event.ctrlKey,
  metaKey: event.metaKey,
  altKey: event.altKey,
});

function placeOf(target: EventTarget | null): Place {
  if (!(target instanceof HTMLElement)) return 'page';
  if (target instanceof HTMLInputElement) return target.type === 'range' ? 'button' : 'field';
  if (target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement || target.isContentEditable)
    return 'field';
  return target instanceof HTMLButtonElement || target.tagName === 'SUMMARY' || target.tagName === 'A'
    ? 'button'
    : 'page';
}

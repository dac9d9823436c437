import type { Theme } from '../scene/messages.ts';
import type { SessionCommands } from '../session/session.ts';
import { THEME_CHOICES, type ThemeChoice, type ViewChoices } from './view-choices.ts';

/** The parts of the browser that know the system's choice and keep the user's. */
export interface ThemeParts {
  readonly root: { readonly dataset: { [name: string]: string | undefined } };
  readonly darkSystem: MediaQuery;
  readonly moreContrast: MediaQuery;
  readonly storage: Pick<Storage, 'getItem' | 'setItem'>;
}

export interface MediaQuery {
  readonly matches: boolean;
  addEventListener(event: 'change', listener: () => void): void;
  removeEventListener(event: 'change', listener: () => void): void;
}

/** Sets the page and the scene in the chosen theme, and keeps the choice. Gives the undo. */
export function keepTheme(
  choices: ViewChoices,
  commands: Pick<SessionCommands, 'setTheme'>,
  parts: ThemeParts,
): () => void {
  let shown: string | undefined;
  let kept: ThemeChoice = keptTheme(parts.storage);
  const show = () => {
    const { theme: choice } = choices.get();
    const theme = choice === 'system' ? systemTheme(parts) : choice;
    if (choice !== kept) {
      kept = choice;
      parts.storage.setItem(KEY, choice);
    }
    if (theme === shown) return;
    shown = theme;
    parts.root.dataset.theme = theme;
    commands.setTheme(theme);
  };
  show();
  const stop = choices.subscribe(show);
  for (const query of [parts.darkSystem, parts.moreContrast]) query.addEventListener('change', show);
  return () => {
    stop();
    for (const query of [parts.darkSystem, parts.moreContrast]) query.removeEventListener('change', show);
  };
}

function systemTheme({ darkSystem, moreContrast }: ThemeParts): Theme {
  if (moreContrast.matches) return 'contrast';
  return darkSystem.matches ? 'dark' : 'light';
}

export const keptTheme = (storage: Pick<Storage, 'getItem'>): ThemeChoice =>
  THEME_CHOICES.find((theme) => theme === storage.getItem(KEY)) ?? 'system';

const KEY = 'soa-monitor.theme';

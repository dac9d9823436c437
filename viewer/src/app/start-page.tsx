import { createRoot } from 'react-dom/client';
import type { Session } from '../session/session.ts';
import { App } from './App.tsx';
import { FIND_ID } from './FindBox.tsx';
import { keepAddress } from './keep-address.ts';
import { keepLens } from './keep-lens.ts';
import { keepMotion } from './keep-motion.ts';
import { keepShortcuts } from './keep-shortcuts.ts';
import { keepTheme, keptTheme } from './keep-theme.ts';
import { createViewRouter, routerAddress } from './router.tsx';
import type { PanelApi } from './session-context.tsx';
import { createViewChoices, FIRST_CHOICES } from './view-choices.ts';

export interface PageParts {
  readonly session: Session;
  readonly api: PanelApi;
  readonly window: Window;
  readonly root: HTMLElement;
}

/** Draws the page and ties it to the browser: theme, motion, address and keys. Gives the undo. */
export function startPage({ session, api, window, root }: PageParts): () => void {
  const { document, localStorage: storage } = window;
  const router = createViewRouter();
  const choices = createViewChoices({ ...FIRST_CHOICES, theme: keptTheme(storage) });
  const stops = [
    keepTheme(choices, session.commands, {
      root: document.documentElement,
      darkSystem: window.matchMedia('(prefers-color-scheme: dark)'),
      moreContrast: window.matchMedia('(prefers-contrast: more)'),
      storage,
    }),
    keepMotion(session.commands, window.matchMedia('(prefers-reduced-motion: reduce)')),
    keepLens(session, choices, api),
    keepAddress(session, choices, routerAddress(router), () => performance.now()),
    keepShortcuts(document, { session, choices, focusSearch: () => document.getElementById(FIND_ID)?.focus() }),
  ];
  const page = createRoot(root, {
    onUncaughtError(failure) {
      console.error(failure);
      root.textContent =
        'This page has failed, and shows nothing rather than something wrong. Reload it; the monitor itself goes on.';
    },
  });
  page.render(<App parts={{ session, api, choices }} router={router} />);
  return () => {
    page.unmount();
    for (const stop of stops) stop();
  };
}

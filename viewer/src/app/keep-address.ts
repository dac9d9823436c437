import type { Session } from '../session/session.ts';
import type { ViewChoices } from './view-choices.ts';
import { formatViewAddress, isStep, MAP_LEVELS, parseViewAddress, type ViewAddress } from './view-url.ts';

/** The parts of the browser's window that hold the address. */
export interface AddressBar {
  readonly location: { readonly search: string; readonly pathname: string };
  readonly history: Pick<History, 'pushState' | 'replaceState'>;
  addEventListener(event: 'popstate', listener: () => void): void;
  removeEventListener(event: 'popstate', listener: () => void): void;
}

/**
 * Brings the session to the view in the address, and from then on keeps the address as the view is: a new step for another
 * selection, level or window, the same step for time passing (at most once a second: browsers refuse more). Gives the undo.
 */
export function keepAddress(session: Session, choices: ViewChoices, bar: AddressBar, clock: () => number): () => void {
  let written = parseViewAddress(bar.location.search);
  let writtenAt = clock();
  let showing = false;

  const show = () => {
    showing = true;
    showView(parseViewAddress(bar.location.search), session, choices);
    showing = false;
    written = currentView(session, choices, written);
  };
  const write = () => {
    if (showing) return;
    const view = currentView(session, choices, written);
    const address = formatViewAddress(view);
    if (address === formatViewAddress(written)) return;
    const step = isStep(written, view);
    if (!step && clock() - writtenAt < WRITE_MILLIS) return;
    written = view;
    writtenAt = clock();
    const url = address === '' ? bar.location.pathname : address;
    if (step) bar.history.pushState(null, '', url);
    else bar.history.replaceState(null, '', url);
  };

  show();
  const stops = [session.subscribe(write), choices.subscribe(write)];
  bar.addEventListener('popstate', show);
  return () => {
    for (const stop of stops) stop();
    bar.removeEventListener('popstate', show);
  };
}

const WRITE_MILLIS = 1_000;

function showView(view: ViewAddress, session: Session, choices: ViewChoices): void {
  const { commands } = session;
  choices.change({
    spanMicros: view.spanMicros,
    context: null,
    ...(view.theme === 'system' ? {} : { theme: view.theme }),
  });
  commands.setLevel(view.level);
  commands.select(view.selection);
  if (view.replay !== null) {
    const { from, to, at, speed } = view.replay;
    commands.replay({ from, to }, { playing: false, at, speed });
  } else if (session.getSnapshot().mode.kind === 'replay') commands.goLive();
}

function currentView(session: Session, choices: ViewChoices, before: ViewAddress): ViewAddress {
  const snapshot = session.getSnapshot();
  const { mode } = snapshot;
  return {
    level: MAP_LEVELS.find((level) => level === snapshot.level) ?? before.level,
    selection: snapshot.selection,
    replay: mode.kind === 'replay' ? { ...mode.window, at: snapshot.playhead, speed: mode.speed } : null,
    spanMicros: choices.get().spanMicros,
    theme: choices.get().theme,
  };
}

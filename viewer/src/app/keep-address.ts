import type { Session, SessionSnapshot } from '../session/session.ts';
import type { MapAddress } from './map-address.ts';
import type { ViewChoices } from './view-choices.ts';
import {
  formatViewAddress,
  isStep,
  MAP_LEVELS,
  type RawSearch,
  type ReplayAddress,
  searchOfView,
  type ViewAddress,
  type ViewSearch,
  viewOfSearch,
} from './view-url.ts';

/** The address as parameters by name, whoever holds it. */
export interface AddressBar {
  read(): RawSearch;
  /** The view's own parameters; those of the page stay. */
  write(search: ViewSearch, step: boolean): void;
  /** Told of each change, our own too. Gives the undo. */
  subscribe(listener: () => void): () => void;
}

/**
 * Brings the session to the view in the address, and from then on keeps the address as the view is: a new step for another
 * selection, level or window, the same step for time passing (at most once a second: browsers refuse more). Gives the undo.
 */
export function keepAddress(session: Session, choices: ViewChoices, bar: AddressBar, clock: () => number): () => void {
  let written = viewOfSearch(bar.read());
  let writtenAt = clock();
  let showing = false;

  const show = () => {
    showing = true;
    showView(viewOfSearch(bar.read()), session, choices);
    showing = false;
    written = currentView(session, choices, written);
  };
  const heard = () => {
    if (formatViewAddress(viewOfSearch(bar.read())) !== formatViewAddress(written)) show();
  };
  const write = () => {
    if (showing) return;
    const view = currentView(session, choices, written);
    if (formatViewAddress(view) === formatViewAddress(written)) return;
    const step = isStep(written, view);
    if (!step && clock() - writtenAt < WRITE_MILLIS) return;
    written = view;
    writtenAt = clock();
    bar.write(searchOfView(view), step);
  };

  show();
  const stops = [session.subscribe(write), choices.subscribe(write), bar.subscribe(heard)];
  return () => {
    for (const stop of stops) stop();
  };
}

const WRITE_MILLIS = 1_000;

function showView(view: ViewAddress, session: Session, choices: ViewChoices): void {
  const { commands } = session;
  const { theme, spanMicros, find, hiding, transaction, tableOpen, tableOf, tableSort, panelFolded, context, wall } =
    view;
  choices.change({
    ...{ spanMicros, find, hiding, transaction, tableOpen, tableOf, tableSort, panelFolded, context, wall },
    ...(theme === 'system' ? {} : { theme }),
  });
  commands.setLevel(view.level);
  commands.select(view.selection);
  showMap(view, session);
  if (view.camera !== null || session.getSnapshot().camera !== null) commands.setCamera(view.camera);
  if (view.replay !== null) {
    const { from, to, at, speed, loops } = view.replay;
    commands.replay({ from, to }, { playing: false, at, speed });
    if (loops) commands.setLoop(true);
  } else if (session.getSnapshot().mode.kind === 'replay') commands.goLive();
}

function showMap({ arrangement, forces, light }: MapAddress, { commands, getSnapshot }: Session): void {
  const before = getSnapshot().mapView;
  const isOther = (one: object, other: object): boolean => JSON.stringify(one) !== JSON.stringify(other);
  if (arrangement !== before.arrangement) commands.map.arrange(arrangement);
  if (isOther(forces, before.forces)) commands.map.setForces(forces);
  if (isOther([light], [before.light])) commands.map.light(light);
}

function currentView(session: Session, choices: ViewChoices, before: ViewAddress): ViewAddress {
  const snapshot = session.getSnapshot();
  const { selection, camera, mapView } = snapshot;
  const { spanMicros, theme, find, hiding, transaction, tableOpen, tableOf, tableSort, panelFolded, wall } =
    choices.get();
  const replay = replayOf(snapshot);
  return {
    level: MAP_LEVELS.find((level) => level === snapshot.level) ?? before.level,
    selection,
    replay,
    camera,
    ...{ arrangement: mapView.arrangement, forces: mapView.forces, light: mapView.light },
    context: replay === null ? null : choices.get().context,
    ...{ spanMicros, theme, find, hiding, transaction, tableOpen, tableOf, tableSort, panelFolded, wall },
  };
}

/** A live picture that is held is one moment of the past to whoever is sent the link. */
function replayOf({ mode, playhead }: SessionSnapshot): ReplayAddress | null {
  if (mode.kind === 'live') return null;
  if (mode.kind === 'replay') return { ...mode.window, at: playhead, speed: mode.speed, loops: mode.loops === true };
  const at = Math.round(playhead);
  return { from: at - MINUTE_MICROS, to: at, at, speed: 1, loops: false };
}

const MINUTE_MICROS = 60_000_000;

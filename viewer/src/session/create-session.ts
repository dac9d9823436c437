import type { Level } from '@soa-monitor/protocol';
import type { Api } from '../feed/api.ts';
import type { Picture } from '../model/picture.ts';
import type { CameraPlace, Theme } from '../scene/messages.ts';
import { UNTOUCHED_MILLIS } from '../scene/next-frame.ts';
import { createEstateMap, type Look } from './estate-map.ts';
import { createLinkNumbers, flightBatch } from './flight-batch.ts';
import { hearLive } from './heard.ts';
import { sameFound } from './lens.ts';
import { createLivePicture } from './live-picture.ts';
import { createMapView } from './map-view.ts';
import { createPast } from './past.ts';
import { createPlaces } from './places.ts';
import { createPlayback } from './playback.ts';
import { shownBy, showProbe } from './probe.ts';
import { createProblems } from './problems.ts';
import { createRefreshPace, REFRESH_MILLIS } from './refresh-pace.ts';
import type { Selection, Session, SessionCommands, SessionSnapshot } from './session.ts';
import type { ShownChange } from './shown-change.ts';
import { createShownLevel } from './shown-level.ts';
import { keepSame } from './snapshot.ts';
import { browserSurroundings, type Surroundings } from './surroundings.ts';

export interface SessionParts {
  readonly api: Api;
  /** The browser's own unless told otherwise. */
  readonly surroundings?: Surroundings;
}

export interface SessionSettings {
  readonly level?: Level;
  readonly theme?: Theme;
  /** Whose places are shown and kept. */
  readonly view?: string;
  /** k: 1 in k messages is asked for. */
  readonly sample?: number;
}

/** Feed → model → scene, and snapshots for React. Live and replay go the same way; only the picture is another. */
export function createSession(parts: SessionParts, settings: SessionSettings = {}): Session {
  const { api, surroundings = browserSurroundings() } = parts;
  const { view = 'default', sample = 1 } = settings;
  const listeners = new Set<() => void>();
  const numbers = createLinkNumbers();
  const problems = createProblems();
  const playback = createPlayback(surroundings.now);
  const live = createLivePicture(playback, surroundings.now);
  const told = (words: string | null): void => problems.say('places', words);
  const places = createPlaces({ api, after: surroundings.after, told }, view);
  const shownLevel = createShownLevel({ api, refresh, sendAllFlights }, settings.level ?? 'endpoint');

  let theme: Theme = settings.theme ?? 'light';
  let selection: Selection | null = null;
  let camera: CameraPlace | null = null;
  let look: Look = { lens: null, rest: 'dimmed', changes: null };
  let frames = { perSecond: 0, costMillis: 0 };
  /** Nothing is laid out before the kept places are known, or it would be laid out elsewhere. */
  let arePlacesKnown = false;

  const mapView = createMapView(() => scene, refresh);
  const scene = surroundings.scene({
    ...mapView.listener,
    picked: (pick) => command(() => select(pick)),
    dropped: (node, x, y) => command(() => map.dropped(node, x, y)),
    settled: (message) => map.settled(message),
    cameraRests: (place) =>
      command(() => {
        camera = place;
      }),
    frames: (stats) => {
      frames = stats;
    },
    wantsFlights: sendAllFlights,
  });
  const map = createEstateMap({ scene, places, numbers, graphSent: mapView.seeAgain });
  const tellTimeline = (): void => scene.timeline(playback.timeline());
  const past = createPast(
    {
      ...{ api, playback, live, problems, show, sendAllFlights, tellTimeline, select, refresh, command },
      now: surroundings.now,
      sampled: (next) => heard.sampled(next),
    },
    { sample },
  );
  const heard = hearLive(
    {
      ...{ api, surroundings, playback, live, past, problems, show, sendAllFlights, refresh, loadPlaces },
      arePlacesKnown: () => arePlacesKnown,
    },
    { view, sample },
  );
  const hideProbe = showProbe({
    scene,
    counts: () => picture().counts(),
    shown: () => shownBy(snapshot),
    frames: () => frames,
    clockOffset: playback.serverClock.offset,
  });
  const pace = createRefreshPace();
  const stopRefreshing = surroundings.every(REFRESH_MILLIS, () => {
    const isCalm = playback.mode().kind === 'live' && surroundings.untouchedMillis() >= UNTOUCHED_MILLIS;
    const turn = pace(isCalm, heard.hasNews());
    if (turn === 'all') refresh();
    else keepUp();
    if (turn === 'time') tellTime();
  });
  scene.theme(theme);
  loadPlaces();
  let snapshot = snapshotNow(null);

  function picture(): Picture {
    return past.picture() ?? live.picture();
  }

  function show({ exchanges, gone }: ShownChange): void {
    // A delta that says nothing of messages wakes no frame.
    if (exchanges.length + gone.length > 0) scene.flights(flightBatch(exchanges, numbers, shownLevel.keyOf), gone);
  }

  function sendAllFlights(): void {
    scene.replaceFlights(flightBatch(picture().exchanges(), numbers, shownLevel.keyOf));
  }

  function loadPlaces(): void {
    void places.load().then((changed) => {
      if (changed === null) return;
      if (changed) map.placesChanged();
      arePlacesKnown = true;
      refresh();
    });
  }

  /** The scene goes on by the right clock. */
  function keepUp(): void {
    const hasStood = playback.stand(heard.standsAt());
    if (playback.adapt() || hasStood) tellTimeline();
  }

  function refresh(): void {
    keepUp();
    past.follow();
    shownLevel.operations()?.look(playback.playhead(), playback.serverNow());
    const gone = live.forget();
    if (gone.length > 0 && !past.isOpen()) show({ exchanges: [], gone });
    heard.newsTold();
    snapshot = snapshotNow(snapshot);
    for (const listener of listeners) listener();
  }

  /** The rest stays as it was told last. */
  function tellTime(): void {
    snapshot = { ...snapshot, ...timeNow(snapshot) };
    for (const listener of listeners) listener();
  }

  function timeNow(before: SessionSnapshot | null): Pick<SessionSnapshot, 'playhead' | 'now' | 'delayMicros'> {
    const playhead = playback.playhead();
    const now = playback.serverNow();
    const delayMicros = playback.mode().kind === 'live' ? now - playhead : (before?.delayMicros ?? 0);
    return { playhead, now, delayMicros };
  }

  function snapshotNow(before: SessionSnapshot | null): SessionSnapshot {
    const time = timeNow(before);
    const level = shownLevel.level();
    const k = heard.sample();
    const views = arePlacesKnown ? map.show(picture(), level, time.playhead, k, look, shownLevel.operations()) : null;
    return keepSame(before, {
      connection: heard.connection(),
      mode: playback.mode(),
      ...time,
      sample: k,
      level,
      nodes: views?.nodes ?? [],
      links: views?.links ?? [],
      totals: views?.totals ?? NO_TOTALS,
      selection,
      found: sameFound(before?.found ?? null, views?.found ?? null),
      presets: places.presets(),
      camera,
      accounting: heard.accounting(),
      frames,
      theme,
      mapView: mapView.view(),
      problem: problems.first(),
    });
  }

  /** Does it, and shows what came of it at once. */
  function command(act: () => void): void {
    problems.say('step', null);
    act();
    tellTimeline();
    refresh();
  }

  function select(next: Selection | null): void {
    selection = next;
    scene.select(next);
  }

  function goLive(): void {
    past.leave();
    playback.goLive();
    sendAllFlights();
  }

  const commands: SessionCommands = {
    setLevel: (next) => command(() => shownLevel.set(next)),
    setTheme: (next) =>
      command(() => {
        theme = next;
        scene.theme(next);
      }),
    setReducedMotion: (reduced) => scene.reducedMotion(reduced),
    select: (next) => command(() => select(next)),
    pause: () => command(playback.pause),
    play: () => command(playback.play),
    goLive: () => command(goLive),
    replay: (window, options = {}) =>
      command(() => past.open(window, options.at ?? window.from, options.speed ?? 1, options.playing ?? false)),
    seek: (at) => command(() => past.seek(at)),
    setSpeed: (speed) => command(() => playback.setSpeed(speed)),
    setLoop: (loops) => command(() => playback.setLoop(loops)),
    stepFault: (direction, within) => void past.stepFault(direction, within),
    step: (direction) => command(() => past.step(direction)),
    pin: (node, pinned) => command(() => map.pin(node, pinned)),
    setCharge: (node, charge) => command(() => map.setCharge(node, charge)),
    resetPlaces: () => command(map.reset),
    keepPreset: (name, text) => command(() => places.keepPreset(name, text)),
    map: mapView.commands,
    zoom: scene.zoom,
    fit: scene.fit,
    setCamera: (next) =>
      command(() => {
        camera = next;
        scene.camera(next);
      }),
    markChanges: (changes) =>
      command(() => {
        look = { ...look, changes };
      }),
    look: (lens, rest) =>
      command(() => {
        look = { ...look, lens, rest };
      }),
    moveSelection: (direction) => scene.neighbour(selection?.kind === 'node' ? selection.id : null, direction),
  };

  return {
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    getSnapshot: () => snapshot,
    async drawnNodes() {
      const answer = await scene.ask({ kind: 'nodes' });
      return answer?.kind === 'nodes' ? answer.nodes : [];
    },
    attach: (canvas) => scene.attach(canvas),
    close() {
      past.leave();
      heard.close();
      shownLevel.close();
      stopRefreshing();
      hideProbe();
      places.close();
      scene.close();
    },
    commands,
  };
}

const NO_TOTALS = { count: 0, perSecond: 0, faults: 0, errors: 0, faultShare: null, p95Micros: null, inFlight: 0 };

import type { Accounting, FeedItems, Level, Window } from '@soa-monitor/protocol';
import type { Api } from '../feed/api.ts';
import { createLiveFeed, type LiveListener } from '../feed/live-feed.ts';
import { readMissed } from '../feed/missed.ts';
import type { SeenExchange } from '../model/exchange.ts';
import { LIVE_KEPT_MICROS, type Picture } from '../model/picture.ts';
import { operationKey } from '../model/split-links.ts';
import type { CameraPlace, Theme } from '../scene/messages.ts';
import { UNTOUCHED_MILLIS } from '../scene/next-frame.ts';
import { createEstateMap, type Look } from './estate-map.ts';
import { FAILED, findExchange, pastThe } from './find-exchange.ts';
import { createLinkNumbers, flightBatch } from './flight-batch.ts';
import { sameFound } from './lens.ts';
import { createLivePicture } from './live-picture.ts';
import { createMapView } from './map-view.ts';
import { nextMessage } from './next-message.ts';
import type { Operations } from './operations.ts';
import { createPlaces } from './places.ts';
import { createPlayback } from './playback.ts';
import { shownBy, showProbe } from './probe.ts';
import { openReplayPicture, type ReplayPicture, type ReplayWishes } from './replay-picture.ts';
import type { Connection, Selection, Session, SessionSnapshot } from './session.ts';
import type { ShownChange } from './shown-change.ts';
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

/** React and the scene are told so often, at most; after a command at once. */
const REFRESH_MILLIS = 250;
/** A tab that is left open shows figures of the last minute as well once a second: a quarter of the work. */
const CALM_REFRESHES = 4;
const VIEW_REST_MILLIS = 300;
const MINUTE_MICROS = 60_000_000;
/** A held picture needs the minute before it, too. */
const HELD_MICROS_MAX = LIVE_KEPT_MICROS - 2 * MINUTE_MICROS;

/** Feed → model → scene, and snapshots for React. Live and replay go the same way; only the picture is another. */
export function createSession(parts: SessionParts, settings: SessionSettings = {}): Session {
  const { api, surroundings = browserSurroundings() } = parts;
  const { view = 'default', sample: wanted = 1 } = settings;
  const listeners = new Set<() => void>();
  const numbers = createLinkNumbers();
  const playback = createPlayback(surroundings.now);
  const live = createLivePicture(playback, surroundings.now);
  const places = createPlaces({ api, after: surroundings.after, told: (words) => say('places', words) }, view);

  let replayed: ReplayPicture | null = null;
  let connection: Connection = 'connecting';
  let sample = wanted;
  let accounting: Accounting | null = null;
  let level: Level = settings.level ?? 'endpoint';
  let theme: Theme = settings.theme ?? 'light';
  let selection: Selection | null = null;
  let camera: CameraPlace | null = null;
  let look: Look = { lens: null, rest: 'dimmed', changes: null };
  let frames = { perSecond: 0, costMillis: 0 };
  const problems = new Map<About, string>();
  /** Nothing is laid out before the kept places are known, or it would be laid out elsewhere. */
  let arePlacesKnown = false;
  let pendingStep: 1 | -1 | null = null;
  let undoReload = (): void => {};
  /** Read when that level is first shown; until then it shows as endpoint level does. */
  let operations: Operations | null = null;
  /** Up to when the live feed was heard without a gap, server time; null: never yet. */
  let heardUntil: number | null = null;
  let missing: AbortController | null = null;

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
  const feed = createLiveFeed(surroundings, liveListener(), { sample });
  const hideProbe = showProbe({
    scene,
    counts: () => picture().counts(),
    shown: () => shownBy(snapshot),
    frames: () => frames,
    clockOffset: playback.serverClock.offset,
  });
  let calmed = 0;
  const stopRefreshing = surroundings.every(REFRESH_MILLIS, () => {
    const isCalm = playback.mode().kind === 'live' && surroundings.untouchedMillis() >= UNTOUCHED_MILLIS;
    calmed = isCalm ? (calmed + 1) % CALM_REFRESHES : 0;
    if (calmed === 0) refresh();
    else keepUp();
  });
  scene.theme(theme);
  loadPlaces();
  let snapshot = snapshotNow(null);

  function picture(): Picture {
    return replayed?.picture() ?? live.picture();
  }

  function say(about: About, words: string | null): void {
    if (words === null) problems.delete(about);
    else problems.set(about, words);
  }

  function show({ exchanges, gone }: ShownChange): void {
    // A delta that says nothing of messages wakes no frame.
    if (exchanges.length + gone.length > 0) scene.flights(flightBatch(exchanges, numbers, keyOf), gone);
  }

  function loadPlaces(): void {
    void places.load().then((changed) => {
      if (changed === null) return;
      if (changed) map.placesChanged();
      arePlacesKnown = true;
      refresh();
    });
  }

  /** After a break that deltas cannot bridge: the minute before it, and what came meanwhile. Not at the beginning. */
  function readWhatWasMissed(): void {
    const now = Math.floor(playback.serverNow());
    const from = Math.max(
      now - LIVE_KEPT_MICROS,
      Math.floor(Math.min(heardUntil ?? now, playback.playhead())) - MINUTE_MICROS,
    );
    const isFirst = heardUntil === null;
    heardUntil = now;
    if (isFirst) return;
    missing?.abort();
    missing = new AbortController();
    const { signal } = missing;
    const take = (items: FeedItems): void => {
      if (signal.aborted) return;
      const change = live.take(items);
      if (replayed === null) show(change);
    };
    void readMissed(api, { from, to: now + 1 }, take, signal).then((words) => {
      if (signal.aborted) return;
      say('missed', words === null ? null : `What happened meanwhile is not shown: ${words}`);
      refresh();
    });
  }

  function liveListener(): LiveListener {
    return {
      snapshot(items) {
        live.replace(items);
        replayed?.know(items);
        if (replayed === null) sendAllFlights();
        readWhatWasMissed();
        if (!arePlacesKnown) loadPlaces();
      },
      delta(items) {
        heardUntil = Math.floor(playback.serverNow());
        const change = live.add(items);
        if (replayed === null) show(change);
        else replayed.know(items);
      },
      told(news) {
        sample = news.sample;
        accounting = news.accounting ?? accounting;
      },
      clock: (asked, answer, heard) => playback.serverClock.observe(asked, answer, heard),
      viewChanged(id) {
        if (id !== view) return;
        // Each kept place is told, our own too: one look after the last of them is enough.
        undoReload();
        undoReload = surroundings.after(VIEW_REST_MILLIS, loadPlaces);
      },
      link(state) {
        connection = state;
        refresh();
      },
    };
  }

  function shownOperations(): Operations | null {
    return level === 'operation' ? operations : null;
  }

  /** What a flight flies on: a link, or at operation level one operation of it. */
  function keyOf({ link, operation }: SeenExchange): string {
    return shownOperations() === null ? link : operationKey(link, operation);
  }

  function setLevel(next: Level): void {
    const flightsFlyElsewhere = (level === 'operation') !== (next === 'operation');
    level = next;
    if (next === 'operation' && operations === null) void readOperations();
    else if (flightsFlyElsewhere) sendAllFlights();
  }

  async function readOperations(): Promise<void> {
    const { createOperations } = await import('./operations.ts');
    operations ??= createOperations({ api, changed: refresh });
    sendAllFlights();
    refresh();
  }

  function sendAllFlights(): void {
    scene.replaceFlights(flightBatch(picture().exchanges(), numbers, keyOf));
  }

  /** The scene goes on by the right clock. */
  function keepUp(): void {
    const isUnheard = connection === 'stale' || connection === 'disconnected';
    const hasStood = playback.stand(isUnheard && heardUntil !== null ? heardUntil : null);
    if (playback.adapt() || hasStood) scene.timeline(playback.timeline());
  }

  function refresh(): void {
    keepUp();
    readWhatIsHeld();
    followReplay();
    shownOperations()?.look(playback.playhead(), playback.serverNow());
    const gone = live.forget();
    if (gone.length > 0 && replayed === null) show({ exchanges: [], gone });
    snapshot = snapshotNow(snapshot);
    for (const listener of listeners) listener();
  }

  function snapshotNow(before: SessionSnapshot | null): SessionSnapshot {
    const playhead = playback.playhead();
    const now = playback.serverNow();
    const views = arePlacesKnown ? map.show(picture(), level, playhead, sample, look, shownOperations()) : null;
    return keepSame(before, {
      connection,
      mode: playback.mode(),
      playhead,
      now,
      delayMicros: playback.mode().kind === 'live' ? now - playhead : (before?.delayMicros ?? 0),
      sample,
      level,
      nodes: views?.nodes ?? [],
      links: views?.links ?? [],
      totals: views?.totals ?? NO_TOTALS,
      selection,
      found: sameFound(before?.found ?? null, views?.found ?? null),
      presets: places.presets(),
      camera,
      accounting,
      frames,
      theme,
      mapView: mapView.view(),
      problem: [...problems.values()][0] ?? null,
    });
  }

  /** Does it, and shows what came of it at once. */
  function command(act: () => void): void {
    say('step', null);
    act();
    scene.timeline(playback.timeline());
    refresh();
  }

  function select(next: Selection | null): void {
    selection = next;
    scene.select(next);
  }

  function leaveReplay(): void {
    replayed?.close();
    replayed = null;
    say('replay', null);
    pendingStep = null;
  }

  /** The live picture keeps some minutes: one that is held for longer is read from the store, or it would fade into nothing. */
  function readWhatIsHeld(): void {
    const at = Math.floor(playback.playhead());
    const now = Math.floor(playback.serverNow());
    if (playback.mode().kind !== 'paused' || now - at < HELD_MICROS_MAX) return;
    openReplay({ from: at - MINUTE_MICROS, to: now }, at, 1, false);
  }

  function followReplay(): void {
    const mode = playback.mode();
    if (mode.kind === 'replay') replayed?.follow(playback.playhead(), mode.speed);
  }

  function openReplay(window: Window, at: number, speed: number, playing: boolean): void {
    leaveReplay();
    playback.replay(window, at, speed, playing);
    const wishes: ReplayWishes = {
      changed: show,
      begun: sendAllFlights,
      there(stretch, share) {
        const mode = playback.mode();
        playback.loaded(stretch, share);
        scene.timeline(playback.timeline());
        if (share < 1) return;
        if (pendingStep !== null) stepTo(pendingStep);
        // Pages come faster than anybody reads: only the one that makes the picture right is shown at once.
        if (mode.kind === 'replay' && mode.loaded < 1) refresh();
      },
      told: (news) => {
        sample = news.sample;
      },
      failed(words) {
        say('replay', words);
        refresh();
      },
    };
    replayed = openReplayPicture({ api, live: live.picture, now: surroundings.now }, window, wishes, {
      sample: wanted,
    });
    followReplay();
  }

  function stepTo(direction: 1 | -1): void {
    pendingStep = null;
    playback.pause();
    const mode = playback.mode();
    if (mode.kind !== 'replay') return;
    const from = playback.playhead();
    const at = nextMessage(picture().exchanges(), from, direction);
    const { there } = mode;
    if (at !== null && there !== undefined && at >= there.from && at <= there.to) {
      playback.seek(at);
      return;
    }
    void findExchange(api, pastThe(from, mode.window, direction), direction, []).then((found) => {
      if (found.kind === 'found') command(() => playback.seek(found.start));
      else command(() => say('step', found.words));
    });
  }

  async function stepFault(direction: 1 | -1, within: Window): Promise<void> {
    const found = await findExchange(api, pastThe(playback.playhead(), within, direction), direction, FAILED);
    command(() => {
      if (found.kind === 'none') return say('step', found.words);
      const mode = playback.mode();
      const isInside = mode.kind === 'replay' && found.start >= mode.window.from && found.start <= mode.window.to;
      if (!isInside) openReplay(within, found.start, 1, false);
      playback.pause();
      playback.seek(found.start);
      select({ kind: 'exchange', id: found.id });
    });
  }

  function goLive(): void {
    leaveReplay();
    playback.goLive();
    sendAllFlights();
  }

  function lastMinute(at: number): Window {
    const to = Math.floor(playback.serverNow());
    return { from: Math.min(Math.floor(at), to - MINUTE_MICROS), to };
  }

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
      leaveReplay();
      missing?.abort();
      operations?.close();
      feed.close();
      stopRefreshing();
      hideProbe();
      undoReload();
      places.close();
      scene.close();
    },
    commands: {
      setLevel: (next) => command(() => setLevel(next)),
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
        command(() => openReplay(window, options.at ?? window.from, options.speed ?? 1, options.playing ?? false)),
      seek: (at) => command(() => (replayed === null ? openReplay(lastMinute(at), at, 1, false) : playback.seek(at))),
      setSpeed: (speed) => command(() => playback.setSpeed(speed)),
      setLoop: (loops) => command(() => playback.setLoop(loops)),
      stepFault: (direction, within) => void stepFault(direction, within),
      step: (direction) =>
        command(() => {
          if (replayed !== null) return stepTo(direction);
          const at = playback.playhead();
          openReplay(lastMinute(at), at, 1, false);
          pendingStep = direction;
        }),
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
    },
  };
}

type About = 'places' | 'replay' | 'step' | 'missed';

const NO_TOTALS = { count: 0, perSecond: 0, faults: 0, errors: 0, faultShare: null, p95Micros: null, inFlight: 0 };

import type { Node } from '@soa-monitor/protocol';
import { MAP_VIEW, type MapView } from '../session/map-view.ts';
import type { FiguresView, LinkView, NodeView, Session, SessionCommands, SessionSnapshot } from '../session/session.ts';

/** A session without a server or a scene: it holds the snapshot it is given and writes down the commands. For tests. */
export function sessionStandIn(first: SessionSnapshot) {
  let snapshot = first;
  const listeners = new Set<() => void>();
  const given: string[] = [];
  const show = (changes: Partial<SessionSnapshot>) => {
    snapshot = { ...snapshot, ...changes };
    for (const listener of listeners) listener();
  };
  const note =
    <Values extends readonly unknown[]>(
      name: string,
      change: (...values: Values) => Partial<SessionSnapshot> = () => ({}),
    ) =>
    (...values: Values): void => {
      given.push(`${name}(${values.map((value) => JSON.stringify(value)).join(', ')})`);
      show(change(...values));
    };
  const mapWith = (changes: Partial<MapView>) => ({ mapView: { ...snapshot.mapView, ...changes } });
  const commands: SessionCommands = {
    setLevel: note('setLevel', (level: SessionSnapshot['level']) => ({ level })),
    setTheme: note('setTheme', (theme: SessionSnapshot['theme']) => ({ theme })),
    setReducedMotion: note('setReducedMotion'),
    select: note('select', (selection: SessionSnapshot['selection']) => ({ selection })),
    pause: note('pause', () => ({ mode: heldMode(snapshot, false) })),
    play: note('play', () => ({ mode: heldMode(snapshot, true) })),
    goLive: note('goLive', () => ({ mode: { kind: 'live' }, playhead: snapshot.now - snapshot.delayMicros })),
    replay: (window, options) => {
      note('replay')(window, options);
      const mode = {
        kind: 'replay',
        window,
        playing: options?.playing ?? false,
        speed: options?.speed ?? 1,
        loaded: 1,
      } as const;
      show({ mode, playhead: options?.at ?? window.from });
    },
    seek: note('seek', (playhead: number) => ({ playhead })),
    setSpeed: note('setSpeed', (speed: number) =>
      snapshot.mode.kind === 'replay' ? { mode: { ...snapshot.mode, speed } } : {},
    ),
    step: note('step'),
    stepFault: note('stepFault'),
    markChanges: note('markChanges'),
    setLoop: note('setLoop', (loops: boolean) =>
      snapshot.mode.kind === 'replay' ? { mode: { ...snapshot.mode, loops } } : {},
    ),
    pin: note('pin'),
    setCharge: note('setCharge'),
    resetPlaces: note('resetPlaces'),
    keepPreset: note('keepPreset'),
    map: {
      arrange: note('arrange', (arrangement: MapView['arrangement']) => mapWith({ arrangement })),
      setForces: note('setForces', (forces: MapView['forces']) => mapWith({ forces })),
      light: note('light', (light: MapView['light']) => mapWith({ light })),
    },
    zoom: note('zoom'),
    fit: note('fit'),
    setCamera: note('setCamera', (camera: SessionSnapshot['camera']) => ({ camera })),
    look: (lens) => show({ found: lens?.(snapshot.nodes, snapshot.links) ?? null }),
    moveSelection: note('moveSelection'),
  };
  const session: Session = {
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    getSnapshot: () => snapshot,
    commands,
    drawnNodes: async () => [],
    attach: () => () => {},
    close: () => {},
  };
  return { session, show, given };
}

const heldMode = ({ mode }: SessionSnapshot, playing: boolean): SessionSnapshot['mode'] =>
  mode.kind === 'replay' ? { ...mode, playing } : { kind: playing ? 'live' : 'paused' };

export const NOW = Date.UTC(2026, 10, 22, 14, 3, 22) * 1_000;

export const quietFigures: FiguresView = {
  count: 0,
  perSecond: 0,
  faults: 0,
  errors: 0,
  faultShare: null,
  p95Micros: null,
  inFlight: 0,
};

export const emptySnapshot: SessionSnapshot = {
  connection: 'connected',
  mode: { kind: 'live' },
  playhead: NOW - 120_000,
  now: NOW,
  delayMicros: 120_000,
  sample: 1,
  level: 'endpoint',
  nodes: [],
  links: [],
  totals: quietFigures,
  selection: null,
  found: null,
  presets: [],
  camera: null,
  accounting: null,
  frames: { perSecond: 60, costMillis: 2 },
  mapView: MAP_VIEW,
  theme: 'light',
  problem: null,
};

export function nodeView(id: string, changes: Partial<NodeView> & { readonly kind?: Node['kind'] } = {}): NodeView {
  const { kind = 'endpoint', ...rest } = changes;
  return {
    node: {
      id,
      kind,
      name: id,
      parent: null,
      address: null,
      monitored: true,
      state: null,
      firstSeen: NOW - 3_600_000_000,
      lastSeen: NOW,
    },
    label: id,
    state: kind === 'client' || kind === 'outside' ? null : 'up',
    stateReason: null,
    stateSince: null,
    figures: quietFigures,
    place: null,
    absent: false,
    ...rest,
  };
}

export const linkView = (source: string, target: string, changes: Partial<LinkView> = {}): LinkView => ({
  id: `${source}>${target}`,
  source,
  target,
  sourceLabel: source,
  targetLabel: target,
  figures: quietFigures,
  ...changes,
});

import type { Delta, FeedItems, Node, Place, View } from '@soa-monitor/protocol';
import { linkId } from '@soa-monitor/protocol';
import { describe, expect, it } from 'vitest';
import type { Api } from '../feed/api.ts';
import type { FlightBatch, Graph, LayoutBody, Readings } from '../scene/messages.ts';
import type { Scene, SceneListener } from '../scene/scene.ts';
import { createSession } from './create-session.ts';

const SECOND = 1_000_000;
const T0 = 1_700_000_000 * SECOND;
const LINK = linkId('till', '/bank');
const NONE: FeedItems = { nodes: [], links: [], states: [], exchanges: [], cells: [], gone: [] };

const node = (id: string, kind: Node['kind'], parent: string | null = null): Node => ({
  id,
  kind,
  name: id,
  parent,
  address: null,
  monitored: true,
  state: kind === 'server' ? { state: 'up', since: T0 - 99 * SECOND, reason: 'pong' } : null,
  firstSeen: T0 - 99 * SECOND,
  lastSeen: T0,
});
const ESTATE: FeedItems = {
  ...NONE,
  nodes: [
    node('m', 'machine'),
    node('bank', 'server', 'm'),
    node('/bank', 'endpoint', 'bank'),
    node('till', 'client', 'desk'),
  ],
  links: [{ id: LINK, source: 'till', target: '/bank' }],
};
const call = (id: string, at: number) => [id, 1, LINK, 'Op', 7, at, at + 100, at + 200, at + 300, 300] as const;
const cell = (second: number, count: number) =>
  [LINK, T0 / SECOND + second, 1, count, 1, 0, 10, 20, [40, count]] as const;

/** A session in a world of its own: a clock, a socket, an API and a scene that write down what they are told. */
async function setUp(options: { view?: View } = {}) {
  let now = T0;
  const timers: { millis: number; call: () => void }[] = [];
  const handlers = new Map<string, (...args: readonly unknown[]) => void>();
  const scene: {
    graph?: Graph;
    bodies?: readonly LayoutBody[];
    readings?: Readings;
    flights: string[];
    told: string[];
  } = {
    flights: [],
    told: [],
  };
  const placed: [string, Place | null][] = [];
  let listener: SceneListener | null = null;
  const idsOf = (batch: FlightBatch) => batch.ids.join();
  const fakeScene = (given: SceneListener): Scene => {
    listener = given;
    const scripted: Partial<Scene> = {
      attach: () => () => {},
      graph(graph, bodies) {
        scene.graph = graph;
        scene.bodies = bodies;
      },
      readings(readings) {
        scene.readings = readings;
      },
      flights: (batch, gone) => scene.flights.push(`+${idsOf(batch)}${gone.length > 0 ? ` -${gone.join()}` : ''}`),
      replaceFlights: (batch) => scene.flights.push(`=${idsOf(batch)}`),
      place: ({ node: id, place }) =>
        scene.told.push(`place ${id} ${place?.pinned ?? 'free'} ${place?.charge ?? ''}`.trim()),
      ask: () => Promise.resolve(null),
      ...Object.fromEntries(
        [
          'timeline',
          'theme',
          'reducedMotion',
          'select',
          'afresh',
          'zoom',
          'fit',
          'neighbour',
          'firstFrames',
          'close',
        ].map((name) => [name, () => {}]),
      ),
    };
    return scripted as Scene;
  };
  const api = {
    view: () =>
      Promise.resolve({ kind: 'ok', value: { view: options.view ?? { nodes: {}, settings: {} }, etag: '"1"' } }),
    placeNode: (_: string, id: string, place: Place | null) => {
      placed.push([id, place]);
      return Promise.resolve({ kind: 'ok', value: null });
    },
    putView: () => Promise.resolve({ kind: 'ok', value: null }),
    pictureAt: (at: number) =>
      Promise.resolve({ kind: 'ok', value: { at, feed: { ...ESTATE, cells: [cell(-70, 4), cell(-65, 4)] } } }),
    replay: () =>
      Promise.resolve({
        kind: 'ok',
        value: {
          window: { from: 0, to: 0 },
          sample: 1,
          cursor: null,
          feed: {
            ...NONE,
            exchanges: [call('p1', T0 - 50 * SECOND), call('p2', T0 - 40 * SECOND)],
            cells: [cell(-50, 9)],
          },
        },
      }),
  } as unknown as Api;
  const session = createSession({
    api,
    surroundings: {
      now: () => now,
      connect: () => ({
        on: (event, handler) => handlers.set(event, handler),
        emit: (event, ...args) => {
          if (event === 'clock') (args[0] as (answer: number) => void)(now);
        },
        close: () => {},
      }),
      scene: fakeScene,
      every: (millis, run) => {
        const timer = { millis, call: run };
        timers.push(timer);
        return () => timers.splice(timers.indexOf(timer), 1);
      },
      after: (_, run) => {
        const timer = { millis: 0, call: run };
        timers.push(timer);
        return () => timers.splice(timers.indexOf(timer), 1);
      },
    },
  });
  const settle = () => new Promise(setImmediate);
  await settle();
  let deltaSeq = 0;
  const hear = (kind: 'snapshot' | 'delta', items: Partial<FeedItems>, epoch = 'one') => {
    const delta: Delta = { epoch, deltaSeq: ++deltaSeq, sentAt: now, sample: 1, accounting: null, ...NONE, ...items };
    handlers.get(kind)?.(delta);
  };
  const pass = (micros: number) => {
    now += micros;
    for (const timer of [...timers]) {
      if (timer.millis === 0) timers.splice(timers.indexOf(timer), 1);
      timer.call();
    }
  };
  handlers.get('connect')?.();
  hear('snapshot', { ...ESTATE, cells: [cell(-10, 6)] });
  pass(0);
  const told = (): SceneListener => {
    if (listener === null) throw new Error('the session made no scene');
    return listener;
  };
  return { session, scene, placed, hear, pass, settle, told, handlers, now: () => now };
}

describe('a session', () => {
  it('shows the estate with its figures as soon as it is told of it', async () => {
    const { session, scene } = await setUp();
    const { nodes, links, totals, connection, mode } = session.getSnapshot();
    expect(connection).toBe('connected');
    expect(mode).toEqual({ kind: 'live' });
    expect(nodes.map((view) => [view.label, view.state])).toEqual([
      ['bank · /bank', 'up'],
      ['till', null],
    ]);
    expect(links[0]).toMatchObject({
      sourceLabel: 'till',
      targetLabel: 'bank · /bank',
      figures: { count: 6, faults: 1 },
    });
    expect(totals).toMatchObject({ count: 6, perSecond: 0.1, inFlight: 0 });
    expect(scene.graph?.hulls.map((hull) => hull.name)).toEqual(['m', 'bank']);
    expect(scene.readings?.revision).toBe(scene.graph?.revision);
  });

  it('gives flights to the scene as they come', async () => {
    const { scene, hear } = await setUp();
    hear('delta', { exchanges: [call('a', T0)] });
    hear('delta', { exchanges: [call('b', T0)], gone: [{ id: 'a', version: 9 }] });
    expect(scene.flights.slice(-2)).toEqual(['+a', '+b -a']);
  });

  it('runs behind the server by a delay that follows how late messages come', async () => {
    const { session, hear, pass, now } = await setUp();
    for (let i = 0; i < 40; i++) {
      hear('delta', { exchanges: [call(`x${i}`, now() - 300_000)] });
      pass(250_000);
    }
    expect(session.getSnapshot().delayMicros).toBeGreaterThan(290_000);
    expect(session.getSnapshot().delayMicros).toBeLessThan(330_000);
  });

  it('keeps what did not change the very same, so that React passes it over', async () => {
    const { session, pass } = await setUp();
    const before = session.getSnapshot();
    pass(1_000);
    expect(session.getSnapshot()).not.toBe(before);
    expect(session.getSnapshot().nodes).toBe(before.nodes);
    expect(session.getSnapshot().totals).toBe(before.totals);
  });

  it('survives a restart of the server: another epoch, another picture', async () => {
    const { session, hear, pass, handlers } = await setUp();
    handlers.get('disconnect')?.();
    expect(session.getSnapshot().connection).toBe('disconnected');
    handlers.get('connect')?.();
    hear('snapshot', { ...ESTATE, nodes: [...ESTATE.nodes, node('new', 'server', 'm')] }, 'two');
    pass(0);
    expect(session.getSnapshot().connection).toBe('connected');
    expect(session.getSnapshot().nodes.map((view) => view.label)).toContain('new');
    expect(session.getSnapshot().totals.count).toBe(0);
  });

  it('holds the picture while paused and goes on keeping messages', async () => {
    const { session, hear, pass } = await setUp();
    session.commands.pause();
    const held = session.getSnapshot().playhead;
    hear('delta', { exchanges: [call('a', T0)], cells: [cell(0, 5)] });
    pass(5 * SECOND);
    expect(session.getSnapshot()).toMatchObject({ mode: { kind: 'paused' }, playhead: held, totals: { count: 6 } });
    session.commands.play();
    pass(0);
    expect(session.getSnapshot()).toMatchObject({ mode: { kind: 'live' }, totals: { count: 11 } });
  });

  it('replays a window by the same way: figures, states and flights of then', async () => {
    const { session, scene, pass, settle } = await setUp();
    const window = { from: T0 - 60 * SECOND, to: T0 - 30 * SECOND };
    session.commands.replay(window, { at: T0 - 45 * SECOND });
    await settle();
    expect(scene.flights.at(-1)).toBe('+p1,p2');
    expect(session.getSnapshot()).toMatchObject({
      mode: { kind: 'replay', window, playing: false, loaded: 1 },
      playhead: T0 - 45 * SECOND,
      totals: { count: 17 },
    });
    session.commands.setSpeed(1_000);
    session.commands.play();
    pass(SECOND);
    expect(session.getSnapshot()).toMatchObject({ mode: { playing: false, speed: 1_000 }, playhead: window.to });
    session.commands.goLive();
    expect(scene.flights.at(-1)).toBe('=');
    expect(session.getSnapshot().mode).toEqual({ kind: 'live' });
  });

  it('steps from message to message, out of the live picture into its last minute', async () => {
    const { session, settle } = await setUp();
    session.commands.step(-1);
    await settle();
    expect(session.getSnapshot()).toMatchObject({ mode: { kind: 'replay', playing: false } });
    expect(session.getSnapshot().playhead).toBe(T0 - 40 * SECOND + 200);
    session.commands.step(-1);
    expect(session.getSnapshot().playhead).toBe(T0 - 40 * SECOND);
    session.commands.step(1);
    expect(session.getSnapshot().playhead).toBe(T0 - 40 * SECOND + 200);
  });

  it('lays the map out from kept places, and keeps where new nodes settle', async () => {
    const { scene, placed, told, pass, settle } = await setUp({
      view: { nodes: { '/bank': { x: 5, y: 6, pinned: true } }, settings: {} },
    });
    expect(scene.bodies?.map((body) => body.place)).toEqual([{ x: 5, y: 6, pinned: true }, null]);
    const positions = Float32Array.from([5, 6, 70.04, 80]);
    told().settled({ kind: 'settled', revision: scene.graph?.revision ?? 0, ids: ['/bank', 'till'], positions });
    pass(SECOND);
    await settle();
    expect(placed).toEqual([['till', { x: 70, y: 80, pinned: false }]]);
  });

  it('pins a node where it is dropped, frees it again, and keeps a charge', async () => {
    const { session, scene, placed, told, pass, settle } = await setUp();
    told().dropped('till', 12.34, 5);
    session.commands.setCharge('till', -900);
    session.commands.pin('till', false);
    session.commands.setCharge('till', null);
    expect(scene.told).toEqual([
      'place till true',
      'place till true -900',
      'place till false -900',
      'place till false',
    ]);
    expect(session.getSnapshot().nodes.find((view) => view.node.id === 'till')?.place).toEqual({
      x: 12.3,
      y: 5,
      pinned: false,
    });
    pass(SECOND);
    await settle();
    expect(placed.at(-1)).toEqual(['till', { x: 12.3, y: 5, pinned: false }]);
  });

  it('shows another level with the same sums', async () => {
    const { session, scene } = await setUp();
    session.commands.setLevel('machine');
    expect(session.getSnapshot().nodes.map((view) => view.label)).toEqual(['m', 'till']);
    expect(session.getSnapshot().links[0]?.figures.count).toBe(6);
    expect(scene.graph?.linkOf[0]).toBe(0);
  });

  it('is silent after it is closed', async () => {
    const { session, pass } = await setUp();
    let told = 0;
    session.subscribe(() => told++);
    session.close();
    pass(SECOND);
    expect(told).toBe(0);
    expect(globalThis.soaMonitorScene).toBeUndefined();
  });
});

import type { Delta, FeedItems, Node, Place, View, Window } from '@soa-monitor/protocol';
import { linkId } from '@soa-monitor/protocol';
import { describe, expect, it, vi } from 'vitest';
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

/** Of a commit after all that was read. */
const late = (second: number, count: number) =>
  [LINK, T0 / SECOND + second, 99, count, 0, 0, 10, 20, [40, count]] as const;

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
  let untouched = 0;
  const asked: unknown[] = [];
  let found: readonly { readonly id: string; readonly start: number }[] = [];
  const api = {
    topology: (window: Window) => {
      asked.push(window);
      const links = [
        ['Other', 2],
        ['Op', 4],
      ].map(([operation, count]) => ({ id: LINK, operation, count, faults: 0, errors: 0, p95Micros: 300 }));
      return Promise.resolve({ kind: 'ok', value: { links } });
    },
    exchanges: (query: { readonly window: Window }) => {
      asked.push(query);
      return Promise.resolve({ kind: 'ok', value: { window: query.window, exchanges: found, cursor: null } });
    },
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
      untouchedMillis: () => untouched,
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
  const leaveAlone = (millis: number) => {
    untouched = millis;
  };
  const answerExchanges = (next: typeof found) => {
    found = next;
  };
  return {
    session,
    scene,
    placed,
    hear,
    pass,
    settle,
    told,
    handlers,
    asked,
    answerExchanges,
    leaveAlone,
    now: () => now,
  };
}

describe('a session', () => {
  it('shows anew four times a second while a hand is at the page, and once a second when it is left alone', async () => {
    const { session, pass, leaveAlone } = await setUp();
    let shown = 0;
    session.subscribe(() => shown++);
    const showsInASecond = (): number => {
      shown = 0;
      for (let quarter = 0; quarter < 4; quarter++) pass(SECOND / 4);
      return shown;
    };
    expect(showsInASecond()).toBe(4);
    leaveAlone(30_000);
    expect(showsInASecond()).toBe(1);
    session.commands.pause();
    expect(showsInASecond()).toBe(4);
    leaveAlone(0);
    expect(showsInASecond()).toBe(4);
  });

  it('tells figures every other second where nobody is, and what goes down at the next turn', async () => {
    const { session, hear, pass, leaveAlone } = await setUp();
    leaveAlone(30_000);
    const seen = (): number => session.getSnapshot().totals.count;
    const quarters = (count: number): void => {
      for (let quarter = 0; quarter < count; quarter++) pass(SECOND / 4);
    };
    hear('delta', { cells: [cell(-5, 4)] });
    quarters(4);
    expect(seen()).toBe(6);
    quarters(4);
    expect(seen()).toBe(10);
    hear('delta', { nodes: [{ ...node('new', 'client'), state: null }] });
    quarters(1);
    expect(session.getSnapshot().nodes.map((view) => view.node.id)).toContain('new');
  });

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

  it('survives a restart of the server: another picture, and what was missed is read from the store', async () => {
    const { session, hear, pass, handlers, settle, scene } = await setUp();
    handlers.get('disconnect')?.();
    expect(session.getSnapshot().connection).toBe('disconnected');
    handlers.get('connect')?.();
    hear('snapshot', { ...ESTATE, nodes: [...ESTATE.nodes, node('new', 'server', 'm')] }, 'two');
    pass(0);
    expect(session.getSnapshot().connection).toBe('connected');
    expect(session.getSnapshot().nodes.map((view) => view.label)).toContain('new');
    await settle();
    pass(0);
    // Of the picture before the break, and of the pages after it.
    expect(session.getSnapshot().totals.count).toBe(9);
    expect(scene.flights).toContain('+p1,p2');
    expect(session.getSnapshot().problem).toBeNull();
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

  it('reads a picture from the store that is held for longer than the live one is kept', async () => {
    const { session, pass, settle } = await setUp();
    session.commands.pause();
    const held = session.getSnapshot().playhead;
    for (let minute = 0; minute < 9; minute++) pass(60 * SECOND);
    await settle();
    pass(0);
    expect(session.getSnapshot()).toMatchObject({
      mode: { kind: 'replay', playing: false, loaded: 1 },
      playhead: held,
    });
    expect(session.getSnapshot().totals.count).toBe(9);
  });

  it('is at now again after an hour asleep, and has read the last minutes from the store', async () => {
    const { session, hear, pass, settle, handlers, now } = await setUp();
    pass(3_600 * SECOND);
    handlers.get('disconnect')?.();
    expect(session.getSnapshot().connection).toBe('disconnected');
    handlers.get('connect')?.();
    hear('snapshot', ESTATE, 'two');
    await settle();
    pass(0);
    const { playhead, connection, delayMicros, mode } = session.getSnapshot();
    expect({ connection, mode: mode.kind }).toEqual({ connection: 'connected', mode: 'live' });
    expect(now() - playhead).toBeLessThan(2 * SECOND);
    expect(delayMicros).toBeLessThan(2 * SECOND);
  });

  it('is stale when nothing is heard, and live again without a gap when the missed deltas come', async () => {
    const { session, hear, pass } = await setUp();
    pass(6 * SECOND);
    // The clock is answered in this world: it is the socket that fell silent.
    hear('delta', { exchanges: [call('late', T0 + SECOND)], cells: [cell(1, 3)] });
    pass(0);
    expect(session.getSnapshot().connection).toBe('connected');
    expect(session.getSnapshot().totals.count).toBe(9);
  });

  it('finds failed calls in the store, selects them, and says when there is none', async () => {
    const { session, settle, asked, answerExchanges } = await setUp();
    const within = { from: T0 - 300 * SECOND, to: T0 };
    answerExchanges([{ id: 'broken', start: T0 - 100 * SECOND }]);
    session.commands.stepFault(-1, within);
    await settle();
    expect(asked.at(-1)).toMatchObject({
      order: 'newest',
      outcome: expect.stringContaining('fault'),
      window: { from: within.from },
    });
    expect(session.getSnapshot()).toMatchObject({
      mode: { kind: 'replay', window: within, playing: false },
      playhead: T0 - 100 * SECOND,
      selection: { kind: 'exchange', id: 'broken' },
    });
    answerExchanges([]);
    session.commands.stepFault(-1, within);
    await settle();
    expect(session.getSnapshot().problem).toBe('There is no earlier failed call in this window.');
    session.commands.pause();
    expect(session.getSnapshot().problem).toBeNull();
  });

  it('runs backwards, repeats when told to, and stops at the beginning when not', async () => {
    const { session, pass, settle } = await setUp();
    const window = { from: T0 - 60 * SECOND, to: T0 - 30 * SECOND };
    session.commands.replay(window, { at: window.from + SECOND, speed: -10, playing: true });
    await settle();
    session.commands.setLoop(true);
    pass(SECOND);
    expect(session.getSnapshot()).toMatchObject({ mode: { playing: true }, playhead: window.to });
    session.commands.setLoop(false);
    pass(10 * SECOND);
    expect(session.getSnapshot()).toMatchObject({ mode: { playing: false }, playhead: window.from });
  });

  it('knows in a past window, too, what it hears of the estate only after the window was opened', async () => {
    const { session, hear, pass, settle } = await setUp();
    session.commands.replay({ from: T0 - 60 * SECOND, to: T0 - 30 * SECOND }, { at: T0 - 45 * SECOND });
    await settle();
    pass(0);
    const before = JSON.stringify(session.getSnapshot().nodes);
    hear('snapshot', { ...ESTATE, nodes: [...ESTATE.nodes, node('newcomer', 'server', 'm')] });
    pass(SECOND);
    expect(session.getSnapshot().mode.kind).toBe('replay');
    expect(JSON.stringify(session.getSnapshot().nodes)).toContain('newcomer');
    expect(before).not.toContain('newcomer');
  });

  it('counts in a past window, too, what is reported of it only after it was read', async () => {
    const { session, hear, pass, settle } = await setUp();
    hear('snapshot', ESTATE);
    session.commands.replay({ from: T0 - 60 * SECOND, to: T0 - 30 * SECOND }, { at: T0 - 30 * SECOND });
    await settle();
    pass(SECOND);
    const { count } = session.getSnapshot().totals;
    hear('delta', { ...NONE, cells: [late(-40, 7), late(-20, 1_000), late(-200, 1_000)] });
    pass(SECOND);
    expect(session.getSnapshot().totals.count).toBe(count + 7);
  });

  it('still knows it when another part of the window is read, and the picture begins anew', async () => {
    const { session, hear, pass, settle } = await setUp();
    session.commands.replay({ from: T0 - 86_400 * SECOND, to: T0 }, { at: T0 - 45 * SECOND });
    hear('snapshot', { ...ESTATE, nodes: [...ESTATE.nodes, node('newcomer', 'server', 'm')] });
    session.commands.seek(T0 - 80_000 * SECOND);
    pass(SECOND);
    await settle();
    pass(SECOND);
    expect(session.getSnapshot().playhead).toBe(T0 - 80_000 * SECOND);
    expect(JSON.stringify(session.getSnapshot().nodes)).toContain('newcomer');
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

  it('splits each link by operation as the store counts it, and moves nothing for it', async () => {
    const { session, scene, pass, asked } = await setUp();
    const before = session.getSnapshot().links[0];
    const bodies = scene.bodies;
    session.commands.setLevel('operation');
    // What shows the level is read when it is first asked for.
    await vi.waitFor(() => {
      pass(0.25 * SECOND);
      expect(session.getSnapshot().links).toHaveLength(2);
    });
    const links = session.getSnapshot().links;
    expect(links.map(({ operations, figures }) => [operations, figures.count])).toEqual([
      [['Op'], 4],
      [['Other'], 2],
    ]);
    expect(links.reduce((sum, { figures }) => sum + figures.count, 0)).toBe(before?.figures.count);
    expect(new Set(links.map(({ id }) => id)).size).toBe(2);
    expect(scene.bodies).toEqual(bodies);
    expect(scene.graph?.links.map(({ name, rank }) => `${name} ${rank}`)).toEqual(['Op 0', 'Other 1']);
    // A node's calls are counted once.
    expect(session.getSnapshot().nodes.find(({ node: { id } }) => id === '/bank')?.figures.count).toBe(6);
    expect(asked).toHaveLength(2);
    session.commands.setLevel('endpoint');
    expect(session.getSnapshot().links).toHaveLength(1);
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

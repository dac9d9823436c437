import type { Node, Report } from '@soa-monitor/protocol';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createMetrics } from '../metrics/metrics.ts';
import type { Process } from '../store/store.ts';
import { createManualClock, type ManualClock } from '../testing/manual-clock.ts';
import { createMemoryStore, type MemoryStore } from '../testing/memory-store.ts';
import { createHealth, type Health } from './health.ts';
import type { PingResult } from './listener-health.ts';
import type { PingTarget } from './send-ping.ts';

const node = (id: string, kind: Node['kind'], parent: string | null, state: Node['state'] = null): Node => ({
  id,
  kind,
  name: id,
  parent,
  address: null,
  monitored: true,
  state,
  firstSeen: 1,
  lastSeen: 1,
});

let clock: ManualClock;
let store: MemoryStore;
let health: Health;
let answers: Map<number, PingResult>;
let pings: { at: number; port: number }[];

const pong = (reporter = 'r1'): PingResult => ({ kind: 'pong', reporter });
const silent: PingResult = { kind: 'silent', detail: 'refuses the connection' };

const listenerOf = (more: Partial<Process> = {}, port = 4611): Process => ({
  reporter: 'r1',
  server: 'bank',
  machine: 'host',
  name: 'bank',
  listeners: [{ address: '127.0.0.1', port, tls: false }],
  advertised: null,
  remoteAddress: '127.0.0.1',
  lastReportAt: clock.now(),
  closing: false,
  clockOffsetMicros: 0,
  soapVersion: '1.1',
  ...more,
});

const report = (process: Process): Report => ({
  header: { ...process, hostId: 'h', pid: 1, stack: '', sentAt: clock.now(), counters: {} as never },
  rows: [],
});

function start(settings: { pingAllow?: ReadonlySet<string> } = {}): Health {
  health = createHealth(
    {
      store,
      clock,
      random: () => 0.5,
      log: pino({ level: 'silent' }),
      metrics: createMetrics(),
      ping: async ({ port }: PingTarget) => {
        pings.push({ at: clock.now(), port });
        return answers.get(port) ?? silent;
      },
    },
    { pingIntervalMillis: 5_000, pingAllow: new Set(), ...settings },
  );
  return health;
}

const statesOf = (id: string): string[] => store.recorded.filter(({ node }) => node === id).map(({ state }) => state);

beforeEach(() => {
  clock = createManualClock();
  store = createMemoryStore();
  answers = new Map();
  pings = [];
  store.commit({
    nodes: [node('host', 'machine', null), node('bank', 'server', 'host'), node('/bank', 'endpoint', 'bank')],
  });
});
afterEach(() => health.close());

describe('health', () => {
  test('pings a process at once when it registers, before any call, and shows server, endpoint and machine up', async () => {
    await start().start();
    await clock.advance(100);
    const bank = listenerOf();
    store.processList = [bank];
    answers.set(4611, pong());
    health.reported(report(bank));
    await clock.advance(0);
    expect(pings).toHaveLength(1);
    expect(store.recorded.map(({ node, state }) => [node, state])).toEqual([
      ['bank', 'up'],
      ['/bank', 'up'],
      ['host', 'up'],
    ]);
  });

  test('pings at the interval, and records only changes', async () => {
    store.processList = [listenerOf()];
    answers.set(4611, pong());
    await start().start();
    await clock.advance(20_100);
    expect(pings.map(({ at }) => Math.round((at - (pings[0]?.at ?? 0)) / 1_000))).toEqual([
      0, 5_000, 10_000, 15_000, 20_000,
    ]);
    expect(statesOf('bank')).toEqual(['up']);
  });

  test('finds a killed service suspect, then down within three intervals, and up within two of its return', async () => {
    store.processList = [listenerOf()];
    answers.set(4611, pong());
    await start().start();
    await clock.advance(5_100);
    answers.set(4611, silent);
    const killedAt = clock.now();
    await clock.advance(15_000);
    expect(statesOf('bank')).toEqual(['up', 'suspect', 'down']);
    const down = store.recorded.find(({ node, state }) => node === 'bank' && state === 'down');
    expect((down?.at ?? 0) - killedAt).toBeLessThan(15_000_000);
    expect(down?.reason).toBe('127.0.0.1:4611: refuses the connection, 5 times in a row');
    answers.set(4611, pong());
    await clock.advance(10_000);
    expect(statesOf('bank').at(-1)).toBe('up');
    expect(statesOf('host')).toEqual(['up', 'suspect', 'down', 'up']);
  });

  test('a new process of the same server at the same address takes over at once', async () => {
    store.processList = [listenerOf()];
    await start().start();
    await clock.advance(4_000);
    expect(statesOf('bank').at(-1)).toBe('down');
    answers.set(4611, pong('r2'));
    const replaced = listenerOf({ reporter: 'r2' });
    store.processList = [...store.processList, replaced];
    health.reported(report(replaced));
    await clock.advance(0);
    expect(statesOf('bank').at(-1)).toBe('up');
  });

  test('remembers a goodbye in the reason, also when the listener is no longer named', async () => {
    store.processList = [listenerOf()];
    answers.set(4611, pong());
    await start().start();
    await clock.advance(100);
    answers.set(4611, silent);
    const leaving = listenerOf({ closing: true, listeners: [] });
    // The store names no process that listens nowhere.
    store.processList = [];
    health.reported(report(leaving));
    await clock.advance(10_000);
    expect(statesOf('bank')).toEqual(['up', 'suspect', 'down']);
    expect(store.recorded.at(-1)?.reason).toContain('said goodbye');
  });

  test('a server with one of two listeners down is degraded, and the lost one is retired after an hour', async () => {
    store.processList = [listenerOf(), listenerOf({ reporter: 'r2' }, 4612)];
    answers.set(4611, pong());
    await start().start();
    await clock.advance(10_000);
    expect(statesOf('bank').at(-1)).toBe('degraded');
    await clock.advance(3_600_000);
    expect(statesOf('bank').at(-1)).toBe('up');
    pings.length = 0;
    await clock.advance(20_000);
    expect(pings.some(({ port }) => port === 4612)).toBe(false);
  });

  test('a listener whose process said goodbye is retired as soon as it is down, when its server answers elsewhere', async () => {
    store.processList = [listenerOf(), listenerOf({ reporter: 'r2', closing: true }, 4612)];
    answers.set(4611, pong());
    await start().start();
    await clock.advance(10_000);
    expect(statesOf('bank').at(-1)).toBe('up');
  });

  test('states survive a restart: nothing is recorded until something changed', async () => {
    const up = { state: 'up', since: 1, reason: 'answers pings' };
    store.commit({
      nodes: [
        node('host', 'machine', null, up),
        node('bank', 'server', 'host', up),
        node('/bank', 'endpoint', 'bank', up),
      ],
    });
    store.processList = [listenerOf()];
    answers.set(4611, pong());
    await start().start();
    await clock.advance(6_000);
    expect(store.recorded).toEqual([]);
    answers.set(4611, silent);
    await clock.advance(10_000);
    expect(statesOf('bank')).toEqual(['suspect', 'down']);
  });

  test('an endpoint that appears later begins with the state of its server', async () => {
    store.processList = [listenerOf()];
    answers.set(4611, pong());
    await start().start();
    await clock.advance(100);
    store.commit({ nodes: [node('/loans', 'endpoint', 'bank')] });
    await clock.advance(0);
    expect(statesOf('/loans')).toEqual(['up']);
  });

  test('says why a server cannot be pinged', async () => {
    store.processList = [listenerOf({ remoteAddress: '10.0.0.5' })];
    store.commit({ nodes: [node('bank', 'server', 'host', { state: 'up', since: 1, reason: '' })] });
    await start().start();
    await clock.advance(0);
    expect(pings).toEqual([]);
    expect(store.recorded[0]).toMatchObject({
      node: 'bank',
      state: 'unknown',
      reason: expect.stringContaining('loopback of another machine'),
    });
  });

  test('a pong of another service at the address is no pong of this one', async () => {
    store.processList = [listenerOf(), listenerOf({ reporter: 'r9', server: 'shop', name: 'shop', listeners: [] })];
    answers.set(4611, pong('r9'));
    await start().start();
    await clock.advance(4_000);
    expect(statesOf('bank').at(-1)).toBe('down');
    expect(store.recorded.at(-1)?.reason).toContain('another service answers');
  });

  describe('of a proxy', () => {
    type State = 'up' | 'down' | 'unknown';
    const proxyOf = (state: State, more: Partial<Process> = {}): Process => {
      const detail = state === 'down' ? 'connection failed: connect ECONNREFUSED' : 'connection accepted';
      const behind = { address: '127.0.0.1:9000', state, detail };
      return listenerOf({ ...more, listeners: [{ address: '127.0.0.1', port: 4611, tls: false, behind }] });
    };
    const says = async (state: State): Promise<void> => {
      const proxy = proxyOf(state);
      store.processList = [proxy];
      health.reported(report(proxy));
      await clock.advance(0);
    };
    const begin = async (state: State): Promise<void> => {
      store.processList = [proxyOf(state)];
      answers.set(4611, pong());
      await start().start();
      await clock.advance(100);
    };

    test('is up when it answers pings and finds the service behind it up, or does not know', async () => {
      await begin('unknown');
      await says('up');
      expect(statesOf('bank')).toEqual(['up']);
    });

    test('is down at once when the service behind it does not answer, whatever pongs it sends', async () => {
      await begin('up');
      await says('down');
      await clock.advance(20_000);
      expect(pings.length).toBeGreaterThan(3);
      expect(store.recorded.slice(3).map(({ node, state }) => [node, state])).toEqual([
        ['bank', 'down'],
        ['/bank', 'down'],
        ['host', 'down'],
      ]);
      expect(store.recorded[3]?.reason).toBe(
        '127.0.0.1:4611: the service behind the proxy does not answer (127.0.0.1:9000 refuses connections); the proxy itself answers',
      );
    });

    test('is up at once when the service behind it is', async () => {
      await begin('down');
      await says('up');
      expect(statesOf('bank')).toEqual(['down', 'up']);
    });

    test('that has died itself is down for that, and its last word of what is behind it is not repeated', async () => {
      await begin('down');
      answers.set(4611, silent);
      await clock.advance(10_000);
      const reasons = store.recorded.filter(({ node }) => node === 'bank').map(({ reason }) => reason);
      expect(statesOf('bank')).toEqual(['down', 'down']);
      expect(reasons[1]).toBe('127.0.0.1:4611: refuses the connection, 5 times in a row');
      answers.set(4611, pong());
      await clock.advance(10_000);
      expect(store.recorded.findLast(({ node }) => node === 'bank')?.reason).toContain('the proxy itself answers');
    });

    test('that may not be pinged is believed when it finds the service behind it down, and unknown else', async () => {
      store.processList = [proxyOf('down', { remoteAddress: '10.0.0.5' })];
      await start().start();
      await clock.advance(100);
      expect(store.recorded[0]).toMatchObject({ node: 'bank', state: 'down' });
      expect(store.recorded[0]?.reason).toContain('the proxy itself is not pinged');
      const better = proxyOf('up', { remoteAddress: '10.0.0.5' });
      store.processList = [better];
      health.reported(report(better));
      await clock.advance(0);
      expect(statesOf('bank')).toEqual(['down', 'unknown']);
    });

    test('serves what it can: with another service up behind it, it is degraded', async () => {
      const other = { address: '127.0.0.1:9001', state: 'up', detail: 'takes connections' } as const;
      const one = proxyOf('down');
      const listeners = [...one.listeners, { address: '127.0.0.1', port: 4612, tls: false, behind: other }];
      store.processList = [{ ...one, listeners }];
      answers.set(4611, pong());
      answers.set(4612, pong());
      await start().start();
      await clock.advance(100);
      expect(statesOf('bank').at(-1)).toBe('degraded');
    });
  });

  test('sixteen pings run at a time', async () => {
    let running = 0;
    let most = 0;
    store.processList = Array.from({ length: 40 }, (_, i) =>
      listenerOf({ reporter: `r${i}`, server: `s${i}` }, 5_000 + i),
    );
    health = createHealth(
      {
        store,
        clock,
        random: Math.random,
        log: pino({ level: 'silent' }),
        metrics: createMetrics(),
        ping: () => {
          running += 1;
          most = Math.max(most, running);
          return new Promise((resolve) =>
            clock.after(10, () => {
              running -= 1;
              resolve(pong(''));
            }),
          );
        },
      },
      { pingIntervalMillis: 5_000, pingAllow: new Set() },
    );
    await health.start();
    await clock.advance(100);
    expect(most).toBe(16);
    expect(running).toBe(0);
  });
});

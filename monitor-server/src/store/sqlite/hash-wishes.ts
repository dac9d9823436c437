import type { Wishes } from '../store.ts';
import { hostPort, isLoopback } from './addresses.ts';
import type { Half } from './half.ts';
import type { Process } from './processes.ts';

/**
 * Where a hash of the body is wished for. It costs the reporters some microseconds a message, so it is asked only of
 * processes whose calls go where nobody reports, while others that report serve such callers: what stands between them may
 * be a proxy. A wish that joins nothing is withdrawn.
 */
export interface HashWishes {
  /** This half is shown without its other half. `at`: our clock. */
  alone(half: Half, at: number): void;
  /** These two were joined by the hash. */
  joined(client: Half, server: Half, at: number): void;
  of(process: Process, at: number): Wishes;
}

/** What was seen alone so long ago does not overlap what is seen alone now. */
const RECENT_MICROS = 30_000_000;
const IN_VAIN_MICROS = 120_000_000;
const REST_MICROS = 3_600_000_000;
const REFRESH_MICROS = 1_000_000;
const ROUTES_MAX = 1_000;
const SERVERS_MAX = 1_000;
const CALLERS_PER_ROUTE_MAX = 1_000;
const OPERATIONS_MAX = 64;

/** An address that is called, or a process that serves. */
interface Side {
  aloneAt: number;
  /** Names of the operations seen alone; ANY where one could not be read, or there are too many. */
  readonly operations: Set<string>;
  /** Null: not wished for. */
  wishedSince: number | null;
  joinedAt: number;
  restsUntil: number;
}

interface Route extends Side {
  readonly address: string;
  readonly callers: Set<number>;
}

const ANY = '*';

export function createHashWishes(): HashWishes {
  const routes = new Map<string, Route>();
  const servers = new Map<number, Side>();
  let refreshedAt = 0;

  /** The one used longest ago goes. */
  const used = <Key, Value>(map: Map<Key, Value>, key: Key, value: Value, max: number): Value => {
    map.delete(key);
    map.set(key, value);
    const [oldest] = map.size > max ? map.keys() : [];
    if (oldest !== undefined) map.delete(oldest);
    return value;
  };
  const routeOf = (client: Half): Route | null => {
    const address = client.call.call.address ?? client.connection?.server;
    if (address === undefined) return null;
    const key = `${isLoopback(hostPort(address).host) ? client.process.hostId : ''} ${address.toLowerCase()}`;
    const route = routes.get(key) ?? { ...newSide(), address, callers: new Set<number>() };
    if (route.callers.size < CALLERS_PER_ROUTE_MAX) route.callers.add(client.process.number);
    return used(routes, key, route, ROUTES_MAX);
  };
  const serverOf = ({ process: { number } }: Half): Side =>
    used(servers, number, servers.get(number) ?? newSide(), SERVERS_MAX);

  const refresh = (at: number): void => {
    if (at - refreshedAt < REFRESH_MICROS) return;
    refreshedAt = at;
    for (const side of [...routes.values(), ...servers.values()]) withdrawInVain(side, at);
    const served = namesOf(servers.values(), at);
    for (const route of routes.values()) wishIfMet(route, served, at);
    const called = namesOf(routes.values(), at);
    for (const server of servers.values()) wishIfMet(server, called, at);
  };

  return {
    alone(half, at) {
      const side = half.role === 'client' ? routeOf(half) : serverOf(half);
      if (side === null) return;
      side.aloneAt = Math.max(side.aloneAt, at);
      side.operations.add(side.operations.size < OPERATIONS_MAX ? nameOf(half) : ANY);
    },
    joined(client, server, at) {
      for (const side of [routeOf(client), serverOf(server)])
        if (side !== null) side.joinedAt = Math.max(side.joinedAt, at);
    },
    of(process, at) {
      refresh(at);
      const bodyHash: string[] = [];
      for (const route of routes.values())
        if (route.wishedSince !== null && route.callers.has(process.number)) bodyHash.push(route.address);
      const isServing = servers.get(process.number)?.wishedSince != null;
      return bodyHash.length === 0 && !isServing ? NO_WISHES : { bodyHash, servedHash: isServing };
    },
  };
}

const NO_WISHES: Wishes = { bodyHash: [], servedHash: false };

const newSide = (): Side => ({ aloneAt: 0, operations: new Set(), wishedSince: null, joinedAt: 0, restsUntil: 0 });

const nameOf = ({ call: { call } }: Half): string => call.operation?.name ?? ANY;

function withdrawInVain(side: Side, at: number): void {
  if (side.wishedSince === null || at - Math.max(side.wishedSince, side.joinedAt) <= IN_VAIN_MICROS) return;
  // Without calls nothing could be joined: then nothing was in vain, and the wish returns with the calls.
  if (at - side.aloneAt <= IN_VAIN_MICROS) side.restsUntil = at + REST_MICROS;
  side.wishedSince = null;
  side.operations.clear();
}

/** The operations of sides that want their other side now: seen alone just now, or wished for. */
function namesOf(sides: Iterable<Side>, at: number): ReadonlySet<string> {
  const names = new Set<string>();
  for (const side of sides) {
    const isWanting = side.wishedSince !== null || (at >= side.restsUntil && at - side.aloneAt <= RECENT_MICROS);
    if (isWanting) for (const name of side.operations) names.add(name);
  }
  return names;
}

function wishIfMet(side: Side, others: ReadonlySet<string>, at: number): void {
  if (side.wishedSince !== null || at < side.restsUntil || at - side.aloneAt > RECENT_MICROS) return;
  const isMet = others.has(ANY) || (others.size > 0 && side.operations.has(ANY)) || hasCommon(side.operations, others);
  if (isMet) side.wishedSince = at;
}

function hasCommon(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  for (const name of a) if (b.has(name)) return true;
  return false;
}

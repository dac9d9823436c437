import { connectionEnds } from './connection-ends.ts';
import { hashKey } from './evidence-uses.ts';
import type { Half } from './half.ts';

/**
 * When a hash that was seen once on either side still proves nothing. Of two calls with one body, the first may have been
 * served where nobody reports, and the second made where nobody reports: what is left looks like one call. So an operation
 * whose bodies repeat is not joined by its hash between two ends that both have halves left over.
 */
export interface HashTrust {
  /** Another half of its role had the same body: of the same process again, or of another. */
  repeated(half: Half, by: 'again' | 'other'): void;
  /** It has a hash, has waited, and nothing fitted. */
  alone(half: Half): void;
  joined(client: Half, server: Half): void;
  /** `areClocksClose`: so that a call is told from its repetition by time alone. */
  isTrusted(half: Half, other: Half, areClocksClose: boolean): boolean;
}

const REPEATED_MICROS = 3_600_000_000;
/** An end whose bodies were hashed for less than this may just not have shown yet that it has halves left over. */
const WATCHED_MICROS = 60_000_000;
const ALONE_MICROS = 600_000_000;
const OPERATIONS_MAX = 10_000;
const ENDS_MAX = 10_000;
const ALONE_PER_END_MAX = 32;

interface End {
  /** Time of the first half with a hash that was joined, was left over, or was asked for. */
  readonly since: number;
  /** The times of the halves left over, by their numbers. */
  readonly leftOver: Map<number, number>;
}

export function createHashTrust(): HashTrust {
  /** When each operation was last seen to repeat a body. */
  const repeatedAt = new Map<string, number>();
  /** By operation and the address that was called, or that called. */
  const ends = new Map<string, End>();

  const bounded = <Key>(map: Map<Key, unknown>, max: number): void => {
    const [oldest] = map.size > max ? map.keys() : [];
    if (oldest !== undefined) map.delete(oldest);
  };
  const endSeen = (half: Half): End => {
    const key = endOf(half);
    const end = ends.get(key) ?? { since: half.time, leftOver: new Map<number, number>() };
    ends.delete(key);
    ends.set(key, end);
    bounded(ends, ENDS_MAX);
    return end;
  };
  const isWatched = (half: Half): boolean => endSeen(half).since <= half.time - WATCHED_MICROS;
  const hasLeftOver = (half: Half, partner: Half): boolean => {
    for (const [seq, time] of ends.get(endOf(half))?.leftOver ?? [])
      if (seq !== half.seq && seq !== partner.seq && Math.abs(time - half.time) <= ALONE_MICROS) return true;
    return false;
  };

  return {
    repeated(half, by) {
      // A client sends one message again when the first try has ended; services see that as two callers.
      const isAgain = by === 'again' || half.role === 'server';
      const operation = `${isAgain ? 'again' : 'other'} ${operationOf(half)}`;
      repeatedAt.delete(operation);
      repeatedAt.set(operation, half.time);
      bounded(repeatedAt, OPERATIONS_MAX);
    },
    alone(half) {
      if (hashKey(half) === null) return;
      const { leftOver } = endSeen(half);
      leftOver.set(half.seq, half.time);
      bounded(leftOver, ALONE_PER_END_MAX);
    },
    joined(client, server) {
      for (const half of [client, server]) if (hashKey(half) !== null) endSeen(half).leftOver.delete(half.seq);
    },
    isTrusted(half, other, areClocksClose) {
      // An operation that one side could not read is known by the other's name.
      const named = half.call.call.operation === null ? other : half;
      const isRepeated = (by: string): boolean => {
        const at = repeatedAt.get(`${by} ${operationOf(named)}`);
        return at !== undefined && Math.abs(at - half.time) <= REPEATED_MICROS;
      };
      const isOthers = isRepeated('other');
      if (!isOthers && (areClocksClose || !isRepeated('again'))) return true;
      // Of calls at one moment nothing but these ends tells: none left over must not mean that nobody has looked yet.
      const [isWatchedHere, isWatchedThere] = [!isOthers || isWatched(half), !isOthers || isWatched(other)];
      return (isWatchedHere && !hasLeftOver(half, other)) || (isWatchedThere && !hasLeftOver(other, half));
    },
  };
}

const operationOf = ({ call: { call } }: Half): string => `${call.operation?.namespace} ${call.operation?.name}`;

/** Where it was called, or from where: the address of a proxy, seen from its two sides. */
function endOf(half: Half): string {
  const { address } = half.call.call;
  const end =
    half.role === 'client'
      ? (address ?? half.connection?.server ?? '')
      : half.connection === null
        ? ''
        : connectionEnds(half.connection).client;
  return `${half.role} ${operationOf(half)} ${end}`;
}

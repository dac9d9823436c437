import type { AddressClaims } from './address-claims.ts';
import { connectionEnds } from './connection-ends.ts';
import { type EvidenceUses, hashKey, idKeys } from './evidence-uses.ts';
import type { Evidence, ExchangeRecord, Half } from './half.ts';
import type { Agreement } from './half-agreement.ts';
import type { HashTrust } from './hash-trust.ts';

/** One-sided exchanges that another half may still join, found by what both halves must share. */
export interface JoinIndex {
  add(exchange: ExchangeRecord): void;
  remove(exchange: ExchangeRecord): void;
  has(exchange: ExchangeRecord): boolean;
  /**
   * The one exchange that this half completes at once: by connection and ordinal; by WS-Addressing or trace ids only on one
   * host, and where one of the two knows no connection, because behind a proxy four halves share one message id.
   */
  match(half: Half): Match;
  /**
   * The one exchange that this half completes when it has waited for rivals: by a connection that others could have had,
   * by ids, by the hash of the body. `hasWaited` tells it of the others; 'later' where one has not.
   */
  matchLate(half: Half, hasWaited: (exchange: ExchangeRecord) => boolean): Match | { readonly kind: 'later' };
  /** Its connection stays in dispute. */
  dispute(half: Half): void;
  /** Oldest first. */
  all(): Iterable<ExchangeRecord>;
  readonly size: number;
}

export type Match =
  | { readonly kind: 'joined'; readonly exchange: ExchangeRecord; readonly evidence: Evidence }
  | { readonly kind: 'ambiguous'; readonly exchanges: readonly ExchangeRecord[] }
  | { readonly kind: 'none' };

export interface JoinIndexParts {
  readonly agreement: Agreement;
  readonly uses: EvidenceUses;
  readonly claims: AddressClaims;
  readonly trust: HashTrust;
  /** Whether what is known of addresses and connections says that these two processes did not meet here. */
  readonly isElsewhere: (client: Half, server: Half) => boolean;
}

const DISPUTED_MAX = 50_000;
/** Halves with one id or body that wait at a time. Beyond it nothing is looked for: they could not be told apart. */
const CROWD_MAX = 256;
/** Of the halves that share an id or a body with too many others, so many are told to be ambiguous each time. */
const TOLD_MAX = 4;

export function createJoinIndex({ agreement, uses, claims, trust, isElsewhere }: JoinIndexParts): JoinIndex {
  const members = new Map<number, ExchangeRecord>();
  /** Most keys have one exchange: a set of its own would cost more than all the rest. */
  const byKey = new Map<string, ExchangeRecord | Set<ExchangeRecord>>();
  /** The key of a half is asked for some times in a row. */
  let keyed: { readonly half: Half; readonly key: string | null } | null = null;
  const connectionKey = (half: Half): string | null => {
    if (keyed === null || keyed.half !== half) keyed = { half, key: connectionKeyOf(half) };
    return keyed.key;
  };
  const sharing = (key: string): Iterable<ExchangeRecord> => {
    const found = byKey.get(key);
    return found === undefined ? NOBODY : found instanceof Set ? found : [found];
  };
  const disputed = new Set<string>();
  /** By the half that is there: `add` and `remove` must see the same one. */
  const indexed = new Map<number, readonly string[]>();

  const remove = (exchange: ExchangeRecord): void => {
    for (const key of indexed.get(exchange.id) ?? []) {
      const found = byKey.get(key);
      if (found === exchange) byKey.delete(key);
      else if (found instanceof Set && found.delete(exchange) && found.size === 0) byKey.delete(key);
    }
    indexed.delete(exchange.id);
    members.delete(exchange.id);
    exchange.isJoinable = false;
  };
  /** The halves of the other side that share the key and fit. */
  const fitting = (
    key: string,
    half: Half,
    fits: (client: Half, server: Half) => boolean,
    max = CROWD_MAX,
  ): Candidate[] => {
    const found: Candidate[] = [];
    for (const exchange of sharing(key)) {
      const other = half.role === 'client' ? exchange.server : exchange.client;
      if (other === null) continue;
      if (half.role === 'client' ? fits(half, other) : fits(other, half)) found.push({ exchange, other });
      if (found.length >= max) break;
    }
    return found;
  };
  const dispute = (half: Half): void => {
    const key = connectionKey(half);
    if (key === null) return;
    disputed.add(key);
    const [oldest] = disputed.size > DISPUTED_MAX ? disputed : [];
    if (oldest !== undefined) disputed.delete(oldest);
  };

  const byConnection = (half: Half, isLate: boolean): Match => {
    const key = connectionKey(half);
    if (key === null) return NONE;
    const candidates = ofOneNetwork(half, fitting(key, half, agreement.ofConnection));
    const [only] = candidates;
    if (only === undefined) return NONE;
    if (candidates.length > 1) {
      dispute(half);
      return ambiguous(candidates);
    }
    if (disputed.has(key)) return NONE;
    const judged = half.role === 'client' ? claims.judge(half, only.other) : claims.judge(only.other, half);
    if (judged === 'sure' || (judged === 'open' && isLate)) return joined(only, 'connection');
    return judged === 'contested' && isLate ? ambiguous([only]) : NONE;
  };

  /** One candidate, for which there is no other half either, by evidence that nobody else used. */
  const alone = (
    half: Half,
    { key, evidence, fits, isShared, isTrusted }: Kind,
    isWanted: (candidate: Candidate) => boolean,
  ): Match => {
    const crowd = byKey.get(key);
    if (crowd instanceof Set && crowd.size > CROWD_MAX) return ambiguous([]);
    const meets = (client: Half, server: Half): boolean => fits(client, server) && !isElsewhere(client, server);
    const isCommon = isShared(half);
    const candidates = fitting(key, half, meets, isCommon ? TOLD_MAX : CROWD_MAX).filter(isWanted);
    const [only] = candidates;
    if (only === undefined) return NONE;
    if (isCommon) return ambiguous(candidates);
    const rivals = fitting(key, only.other, meets).filter(({ other }) => other.seq !== half.seq);
    if (candidates.length > 1 || rivals.length > 0 || isShared(only.other) || !isTrusted(half, only.other))
      return ambiguous([...candidates, ...rivals]);
    return joined(only, evidence);
  };
  const isHashTrusted = (half: Half, other: Half): boolean => {
    const isClose =
      half.role === 'client' ? agreement.areClocksClose(half, other) : agreement.areClocksClose(other, half);
    return trust.isTrusted(half, other, isClose);
  };
  const idKinds = (half: Half): readonly Kind[] =>
    idKeys(half).map((key) => ({
      key,
      evidence: key.startsWith('m') ? 'messageId' : 'traceparent',
      fits: agreement.ofIds,
      isShared: (of) => uses.isIdShared(key, of),
      isTrusted: () => true,
    }));
  const hashKinds = (half: Half): readonly Kind[] => {
    const key = hashKey(half);
    return key === null
      ? []
      : [{ key, evidence: 'bodyHash', fits: agreement.ofHash, isShared: uses.isHashShared, isTrusted: isHashTrusted }];
  };

  return {
    add(exchange) {
      const half = exchange.client ?? exchange.server;
      if (half === null) return;
      remove(exchange);
      const keys = [...idKeys(half)];
      for (const key of [connectionKey(half), hashKey(half)]) if (key !== null) keys.push(key);
      members.set(exchange.id, exchange);
      exchange.isJoinable = true;
      indexed.set(exchange.id, keys);
      for (const key of keys) {
        const found = byKey.get(key);
        if (found === undefined) byKey.set(key, exchange);
        else if (found instanceof Set) found.add(exchange);
        else if (found !== exchange) byKey.set(key, new Set([found, exchange]));
      }
    },
    remove,
    has: (exchange) => members.has(exchange.id),
    match(half) {
      const found = byConnection(half, false);
      if (found.kind !== 'none') return found;
      const knowsConnection = connectionKey(half) !== null;
      const isAtOnce = ({ other }: Candidate): boolean =>
        half.process.hostId === other.process.hostId && !(knowsConnection && connectionKey(other) !== null);
      for (const kind of idKinds(half)) {
        const match = alone(half, kind, isAtOnce);
        if (match.kind === 'joined') return match;
      }
      return NONE;
    },
    matchLate(half, hasWaited) {
      let unclear: Match = NONE;
      const byLateConnection = byConnection(half, true);
      if (byLateConnection.kind !== 'none') {
        if (byLateConnection.kind === 'ambiguous') unclear = byLateConnection;
        else return hasWaited(byLateConnection.exchange) ? byLateConnection : LATER;
      }
      for (const kind of [...idKinds(half), ...hashKinds(half)]) {
        const match = alone(half, kind, () => true);
        if (match.kind === 'joined') return hasWaited(match.exchange) ? match : LATER;
        if (match.kind === 'ambiguous') unclear = match;
      }
      return unclear;
    },
    dispute,
    all: () => members.values(),
    get size() {
      return members.size;
    },
  };
}

interface Candidate {
  readonly exchange: ExchangeRecord;
  readonly other: Half;
}

interface Kind {
  readonly key: string;
  readonly evidence: Evidence;
  readonly fits: (client: Half, server: Half) => boolean;
  readonly isShared: (half: Half) => boolean;
  readonly isTrusted: (half: Half, other: Half) => boolean;
}

/** Those whose reports come from the same address: of several networks with equal addresses it is theirs. */
function ofOneNetwork(half: Half, candidates: readonly Candidate[]): readonly Candidate[] {
  if (candidates.length < 2) return candidates;
  const near = candidates.filter(({ other }) => other.process.remoteAddress === half.process.remoteAddress);
  return near.length > 0 ? near : candidates;
}

const NOBODY: readonly ExchangeRecord[] = [];
const NONE: Match = { kind: 'none' };
const LATER = { kind: 'later' } as const;
const joined = ({ exchange }: Candidate, evidence: Evidence): Match => ({ kind: 'joined', exchange, evidence });
const ambiguous = (candidates: readonly Candidate[]): Match => ({
  kind: 'ambiguous',
  exchanges: candidates.map(({ exchange }) => exchange),
});

/**
 * Both ends and the ordinal. Loopback ends mean something within one network stack only, so the host id scopes them;
 * the machine's name does not (two containers may share it).
 */
function connectionKeyOf(half: Half): string | null {
  const connection = connectionScope(half);
  return connection === null || half.ordinal === null ? null : `c ${connection} ${half.ordinal}`;
}

/** The connection without the ordinal. */
export function connectionScope({ connection, process }: Half): string | null {
  if (connection === null) return null;
  const { isLocal, text } = connectionEnds(connection);
  return isLocal ? `${process.hostId} ${text}` : text;
}

import type { AddressClaims } from './address-claims.ts';
import type { Connections } from './connections.ts';
import { type EvidenceUses, hashKey, idKeys } from './evidence-uses.ts';
import type { Evidence, ExchangeRecord, Half, Line } from './half.ts';
import type { Agreement } from './half-agreement.ts';
import type { HashTrust } from './hash-trust.ts';

/** One-sided exchanges that another half may still join, found by what both halves must share. */
export interface JoinIndex {
  add(exchange: ExchangeRecord): void;
  remove(exchange: ExchangeRecord): void;
  has(exchange: ExchangeRecord): boolean;
  /** Whether others wait at the same request of the same connection. */
  hasCompany(exchange: ExchangeRecord): boolean;
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
  readonly lineOf: Connections['lineOf'];
  /** Whether what is known of addresses and connections says that these two processes did not meet here. */
  readonly isElsewhere: (client: Half, server: Half) => boolean;
}

const DISPUTED_MAX = 50_000;
/** Halves with one id or body that wait at a time. Beyond it nothing is looked for: they could not be told apart. */
const CROWD_MAX = 256;
/** Of the halves that share an id or a body with too many others, so many are told to be ambiguous each time. */
const TOLD_MAX = 4;

export function createJoinIndex({ agreement, uses, claims, trust, lineOf, isElsewhere }: JoinIndexParts): JoinIndex {
  const members = new Map<number, ExchangeRecord>();
  const byKey = new Map<string, Sharing>();
  const disputed = new Set<string>();
  const isDisputed = (line: Line, ordinal: number): boolean =>
    disputed.size > 0 && disputed.has(`${line.key} ${ordinal}`);

  const remove = (exchange: ExchangeRecord): void => {
    const half = exchange.soughtBy;
    exchange.isJoinable = false;
    exchange.soughtBy = null;
    if (half === null) return;
    members.delete(exchange.id);
    const line = half.ordinal === null ? null : lineOf(half);
    if (line !== null) takeOut(line.joinable, half.ordinal ?? 0, exchange);
    for (const key of keysOf(half)) takeOut(byKey, key, exchange);
  };
  /** The halves of the other side among them that fit. */
  const fitting = (
    sharing: Sharing | undefined,
    half: Half,
    fits: (client: Half, server: Half) => boolean,
    max = CROWD_MAX,
  ): Candidate[] => {
    if (sharing === undefined) return NO_CANDIDATES;
    const found: Candidate[] = [];
    for (const exchange of sharing instanceof Set ? sharing : [sharing]) {
      const other = half.role === 'client' ? exchange.server : exchange.client;
      if (other === null) continue;
      if (half.role === 'client' ? fits(half, other) : fits(other, half)) found.push({ exchange, other });
      if (found.length >= max) break;
    }
    return found;
  };
  const dispute = (half: Half): void => {
    const line = lineOf(half);
    if (line === null || half.ordinal === null) return;
    disputed.add(`${line.key} ${half.ordinal}`);
    const [oldest] = disputed.size > DISPUTED_MAX ? disputed : [];
    if (oldest !== undefined) disputed.delete(oldest);
  };

  const judged = (
    line: Line,
    half: Half,
    ordinal: number,
    exchange: ExchangeRecord,
    other: Half,
    isLate: boolean,
  ): Match => {
    if (isDisputed(line, ordinal)) return NONE;
    const found = half.role === 'client' ? claims.judge(half, other) : claims.judge(other, half);
    if (found === 'sure' || (found === 'open' && isLate)) return { kind: 'joined', exchange, evidence: 'connection' };
    return found === 'contested' && isLate ? { kind: 'ambiguous', exchanges: [exchange] } : NONE;
  };
  /** The one exchange that waits at this request, as nearly always: without a list for it. */
  const ofCandidate = (line: Line, half: Half, ordinal: number, exchange: ExchangeRecord, isLate: boolean): Match => {
    const isClient = half.role === 'client';
    const other = isClient ? exchange.server : exchange.client;
    if (other === null) return NONE;
    const fits = isClient ? agreement.ofConnection(half, other) : agreement.ofConnection(other, half);
    return fits ? judged(line, half, ordinal, exchange, other, isLate) : NONE;
  };
  const byConnection = (half: Half, isLate: boolean): Match => {
    const line = lineOf(half);
    if (line === null || half.ordinal === null) return NONE;
    const sharing = line.joinable.get(half.ordinal);
    if (sharing === undefined) return NONE;
    if (!(sharing instanceof Set)) return ofCandidate(line, half, half.ordinal, sharing, isLate);
    const candidates = ofOneNetwork(half, fitting(sharing, half, agreement.ofConnection));
    const [only] = candidates;
    if (only === undefined) return NONE;
    if (candidates.length === 1) return judged(line, half, half.ordinal, only.exchange, only.other, isLate);
    dispute(half);
    return ambiguous(candidates);
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
    const candidates = fitting(crowd, half, meets, isCommon ? TOLD_MAX : CROWD_MAX).filter(isWanted);
    const [only] = candidates;
    if (only === undefined) return NONE;
    if (isCommon) return ambiguous(candidates);
    const rivals = fitting(crowd, only.other, meets).filter(({ other }) => other.seq !== half.seq);
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
      members.set(exchange.id, exchange);
      exchange.isJoinable = true;
      exchange.soughtBy = half;
      const line = half.ordinal === null ? null : lineOf(half);
      if (line !== null) putIn(line.joinable, half.ordinal ?? 0, exchange);
      for (const key of keysOf(half)) putIn(byKey, key, exchange);
    },
    remove,
    has: (exchange) => exchange.isJoinable,
    hasCompany({ soughtBy: half }) {
      if (half === null || half.ordinal === null) return false;
      return lineOf(half)?.joinable.get(half.ordinal) instanceof Set;
    },
    match(half) {
      const found = byConnection(half, false);
      if (found.kind !== 'none') return found;
      if (half.ids === null) return NONE;
      const isAtOnce = ({ other }: Candidate): boolean =>
        half.process.hostId === other.process.hostId && !(knowsRequest(half) && knowsRequest(other));
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

/** What it is found by beside its connection. A half is never changed, so they are the same when it is taken out. */
const keysOf = (half: Half): readonly string[] => {
  const hash = hashKey(half);
  return hash === null ? idKeys(half) : [...idKeys(half), hash];
};

type Sharing = ExchangeRecord | Set<ExchangeRecord>;

function putIn<Key>(map: Map<Key, Sharing>, key: Key, exchange: ExchangeRecord): void {
  const found = map.get(key);
  if (found === undefined) map.set(key, exchange);
  else if (found instanceof Set) found.add(exchange);
  else if (found !== exchange) map.set(key, new Set([found, exchange]));
}

function takeOut<Key>(map: Map<Key, Sharing>, key: Key, exchange: ExchangeRecord): void {
  const found = map.get(key);
  if (found === exchange) map.delete(key);
  else if (found instanceof Set && found.delete(exchange) && found.size === 0) map.delete(key);
}

/** Of a connection that carries one request after the other, which of them it was. */
const knowsRequest = ({ connection, ordinal }: Half): boolean => connection !== null && ordinal !== null;

const NO_CANDIDATES: Candidate[] = [];
const NONE: Match = { kind: 'none' };
const LATER = { kind: 'later' } as const;
const joined = ({ exchange }: Candidate, evidence: Evidence): Match => ({ kind: 'joined', exchange, evidence });
const ambiguous = (candidates: readonly Candidate[]): Match => ({
  kind: 'ambiguous',
  exchanges: candidates.map(({ exchange }) => exchange),
});

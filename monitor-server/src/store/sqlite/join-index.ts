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

interface Member {
  readonly exchange: ExchangeRecord;
  /** By the half that was there: `add` and `remove` must see the same one. */
  readonly line: Line | null;
  readonly ordinal: number;
  readonly keys: readonly string[];
}

export function createJoinIndex({ agreement, uses, claims, trust, lineOf, isElsewhere }: JoinIndexParts): JoinIndex {
  const members = new Map<number, Member>();
  const byKey = new Map<string, Sharing>();
  const disputed = new Set<string>();
  const isDisputed = (line: Line, ordinal: number): boolean =>
    disputed.size > 0 && disputed.has(`${line.key} ${ordinal}`);

  const remove = (exchange: ExchangeRecord): void => {
    if (!exchange.isJoinable) return;
    exchange.isJoinable = false;
    const member = members.get(exchange.id);
    if (member === undefined) return;
    members.delete(exchange.id);
    if (member.line !== null) takeOut(member.line.joinable, member.ordinal, exchange);
    for (const key of member.keys) takeOut(byKey, key, exchange);
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

  const byConnection = (half: Half, isLate: boolean): Match => {
    const line = lineOf(half);
    if (line === null || half.ordinal === null) return NONE;
    const sharing = line.joinable.get(half.ordinal);
    if (sharing === undefined) return NONE;
    const candidates = ofOneNetwork(half, fitting(sharing, half, agreement.ofConnection));
    const [only] = candidates;
    if (only === undefined) return NONE;
    if (candidates.length > 1) {
      dispute(half);
      return ambiguous(candidates);
    }
    if (isDisputed(line, half.ordinal)) return NONE;
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
      const hash = hashKey(half);
      const keys = hash === null ? idKeys(half) : [...idKeys(half), hash];
      const line = half.ordinal === null ? null : lineOf(half);
      const ordinal = half.ordinal ?? 0;
      members.set(exchange.id, { exchange, line, ordinal, keys });
      exchange.isJoinable = true;
      if (line !== null) putIn(line.joinable, ordinal, exchange);
      for (const key of keys) putIn(byKey, key, exchange);
    },
    remove,
    has: (exchange) => exchange.isJoinable,
    hasCompany(exchange) {
      const member = members.get(exchange.id);
      return member?.line?.joinable.get(member.ordinal) instanceof Set;
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
    *all() {
      for (const { exchange } of members.values()) yield exchange;
    },
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

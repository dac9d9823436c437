import { createGenerations } from './generations.ts';
import type { Half } from './half.ts';

/**
 * Which halves carried one message id, trace id or body hash, also those that are joined already: evidence tells two halves
 * apart from all others only where nobody else used it.
 */
export interface EvidenceUses {
  saw(half: Half): void;
  /** Whether another half of this role may be meant by the same id: its process used it twice, or too many did. */
  isIdShared(key: string, half: Half): boolean;
  /** Whether another half of this role had the same body, and ended alike, within the window around it. */
  isHashShared(half: Half): boolean;
  /** The same, of what is surely known: whether it was another process, or the same one again. */
  twinOf(half: Half): 'none' | 'again' | 'other';
}

/** Two calls with equal bodies are told apart when there is so much time between them. */
const HASH_WINDOW_MICROS = 60_000_000;
/** At least so many are known, and at most twice as many. */
const KEYS_MAX = 100_000;
const USES_MAX = 16;
/** A gateway that passes a message on repeats its id; more processes than these two in one role share it. */
const PROCESSES_PER_ID_MAX = 2;

interface Use {
  readonly seq: number;
  readonly process: number;
  readonly isClient: boolean;
  status: number;
  readonly time: number;
}

/** Bounded: the evidence that was used longest ago is forgotten. `begunAt`: uses from before that time are not known. */
export function createEvidenceUses(begunAt: number): EvidenceUses {
  const byKey = createGenerations<string, Use[]>(KEYS_MAX);
  const add = (key: string, half: Half): void => {
    const { seq, process, role, status, time } = half;
    const uses = byKey.get(key);
    const known = uses?.find((use) => use.seq === seq);
    if (known !== undefined) {
      known.status = status;
      return;
    }
    const use = { seq, process: process.number, isClient: role === 'client', status, time };
    if (uses === undefined) byKey.set(key, [use]);
    else if (uses.push(use) > USES_MAX) uses.shift();
  };
  const twinOf = (half: Half): 'none' | 'again' | 'other' => {
    const uses = byKey.get(hashKey(half) ?? '') ?? [];
    if (uses.length >= USES_MAX && half.time < (uses[0]?.time ?? 0)) return 'other';
    const isClient = half.role === 'client';
    let found: 'none' | 'again' = 'none';
    for (const use of uses) {
      const isNear = Math.abs(use.time - half.time) <= HASH_WINDOW_MICROS;
      if (use.seq === half.seq || use.isClient !== isClient || !isNear) continue;
      if (use.process !== half.process.number) return 'other';
      found = 'again';
    }
    return found;
  };

  return {
    saw(half) {
      for (const key of idKeys(half)) add(key, half);
      const hash = hashKey(half);
      if (hash !== null) add(hash, half);
    },
    isIdShared(key, half) {
      const isClient = half.role === 'client';
      const uses = (byKey.get(key) ?? []).filter((use) => use.isClient === isClient);
      if (uses.length >= USES_MAX / 2) return true;
      if (new Set(uses.map((use) => use.process)).size > PROCESSES_PER_ID_MAX) return true;
      return uses.some(
        (use) =>
          use.seq !== half.seq &&
          use.process === half.process.number &&
          (use.status === half.status || use.status === 0 || half.status === 0),
      );
    },
    isHashShared(half) {
      return half.time - HASH_WINDOW_MICROS < begunAt || twinOf(half) !== 'none';
    },
    twinOf,
  };
}

/** The ids of one half are asked for some times: their keys are made once. */
export function idKeys(half: Half): readonly string[] {
  if (half.ids === null) return NO_KEYS;
  if (half.idKeys !== undefined) return half.idKeys;
  const { messageId, traceparent } = half.ids;
  const keys: string[] = [];
  if (messageId !== undefined) keys.push(`m ${messageId}`);
  if (traceparent !== undefined) keys.push(`t ${traceparent}`);
  half.idKeys = keys;
  return keys;
}

/** The status belongs to it: a round that was refused with 401 and the one that went through have one body. */
export const hashKey = ({ extras, status, outcome }: Half): string | null =>
  extras?.bodyHash === undefined || outcome === null ? null : `h ${extras.bodyHash} ${status}`;

const NO_KEYS: readonly string[] = [];

import { stateRank } from '@soa-monitor/protocol';

/** What a server or machine shows of what it is made of. */
export interface Shown {
  readonly state: string;
  readonly reason: string;
  /** It is not the listener that is so, but what is behind it: the same state for another cause is a change. */
  readonly isBehind?: boolean;
}

export interface Part extends Shown {
  readonly name: string;
}

/** A machine shows its worst server; the first of equals. */
export function worstOf(parts: readonly Part[]): Shown {
  const worst = parts.reduce<Part | null>(
    (found, part) => (found === null || stateRank(part.state) > stateRank(found.state) ? part : found),
    null,
  );
  if (worst === null) return { state: 'unknown', reason: 'nothing on it is pinged' };
  if (parts.every(({ state }) => state === 'up')) return { state: 'up', reason: 'all that is on it is up' };
  const { state, name, reason, isBehind = false } = worst;
  return { state, reason: `${name}: ${reason}`, ...(isBehind ? { isBehind } : {}) };
}

/**
 * A server shows its worst listener, save that it is not down while another of its listeners answers: callers of that one
 * are served, so it is degraded.
 */
export function stateOfListeners(listeners: readonly Part[]): Shown {
  const worst = worstOf(listeners);
  const isAlive = listeners.some(({ state }) => state === 'up' || state === 'blind');
  if (worst.state === 'up') return { state: 'up', reason: 'answers pings' };
  return worst.state === 'down' && isAlive ? { ...worst, state: 'degraded' } : worst;
}

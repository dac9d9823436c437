import type { Arrival } from '../store/store.ts';

/**
 * Exchanges that are looked at again: they had not ended or were not attributed, had just ended, came late, or went out with
 * one half and got the other.
 */
export interface WaitingExchanges {
  readonly size: number;
  /** False: there is no room. */
  add(id: string, dueAt: number | null): boolean;
  /** Those to ask for now: the ones that are due, and in turn those of which no end is known. */
  toAsk(now: number, limit: number): readonly string[];
  /** What was asked for as it is now: whether its time has come. One that ended meanwhile settles first. */
  isDue(arrival: Arrival, now: number): boolean;
  remove(id: string): void;
  ids(): readonly string[];
}

const WAITING_MAX = 20_000;

export function createWaitingExchanges(settleMicros: number): WaitingExchanges {
  /** When each is due; null while it has not ended. In the order in which they were asked for last. */
  const waiting = new Map<string, number | null>();
  return {
    get size() {
      return waiting.size;
    },
    add(id, dueAt) {
      if (waiting.size >= WAITING_MAX && !waiting.has(id)) return false;
      waiting.set(id, dueAt);
      return true;
    },
    toAsk(now, limit) {
      const asked: string[] = [];
      for (const [id, dueAt] of waiting) {
        if (asked.length >= limit) break;
        if (dueAt === null || dueAt <= now) asked.push(id);
      }
      for (const id of asked) {
        const dueAt = waiting.get(id) ?? null;
        waiting.delete(id);
        waiting.set(id, dueAt);
      }
      return asked;
    },
    isDue({ detail: { exchange } }, now) {
      const dueAt = waiting.get(exchange.id);
      if (!hasEnded(exchange)) {
        waiting.set(exchange.id, null);
        return false;
      }
      if (dueAt != null) return dueAt <= now;
      waiting.set(exchange.id, now + settleMicros);
      return false;
    },
    remove: (id) => void waiting.delete(id),
    ids: () => [...waiting.keys()],
  };
}

export const hasEnded = ({ outcome, lost }: Arrival['detail']['exchange']): boolean => outcome !== null || lost;

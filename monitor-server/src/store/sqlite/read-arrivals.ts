import type { ExchangeDetail } from '@soa-monitor/protocol';
import type { Database } from 'better-sqlite3';
import type { Arrival, Arrivals, ArrivalsQuery } from '../store.ts';
import type { Catalogue } from './catalogue.ts';
import { createAttemptReader } from './read-attempts.ts';
import { createDetailReader } from './read-exchanges.ts';
import { inSnapshot } from './snapshot.ts';

const ARRIVALS_MAX = 1_000;
const AGAIN_MAX = 1_000;
/** Exchanges above one that are looked at for a traceparent: deeper trees begin a trace of their own below. */
const DEPTH_MAX = 32;

/** Numbers of exchanges are given in the order of arrival, so the cursor is one. */
export function readArrivals(database: Database, catalogue: Catalogue, query: ArrivalsQuery): Arrivals {
  const newest = database.prepare<[], { id: number | null }>('SELECT max(id) AS id FROM exchange');
  const page = database.prepare<[number, number], { id: number; received_at: number }>(
    'SELECT id, received_at FROM exchange WHERE id > ? ORDER BY id LIMIT ?',
  );
  const one = database.prepare<[number], { received_at: number }>('SELECT received_at FROM exchange WHERE id = ?');
  return inSnapshot(database, ({ renewIfOld }) => {
    const attemptsOf = createAttemptReader(database, catalogue);
    const read = createDetailReader(database, catalogue, undefined, attemptsOf);
    const inherited = createInheritance((id) => read.exchange(id));
    const arrivalOf = (id: number, arrivedAt: number): readonly Arrival[] => {
      renewIfOld();
      const detail = read.exchange(id);
      return detail === null ? [] : [{ detail, arrivedAt, inheritedTraceparent: inherited(detail) }];
    };

    const end = newest.get()?.id ?? 0;
    const again = query.again.slice(0, AGAIN_MAX).flatMap((id) => {
      const found = one.get(Number(id));
      return found === undefined ? [] : arrivalOf(Number(id), found.received_at);
    });
    const arrivals: Arrival[] = [];
    let cursor = query.after === null ? end : Number(query.after);
    if (query.after !== null) {
      for (const row of page.all(cursor, Math.min(query.limit, ARRIVALS_MAX))) {
        if (row.received_at >= query.arrivedBefore) break;
        arrivals.push(...arrivalOf(row.id, row.received_at));
        cursor = row.id;
      }
    }
    return { arrivals, again, cursor: String(cursor), end: String(end) };
  });
}

/** Exchanges of a page share what is above them, so each is read once. */
function createInheritance(read: (id: number) => ExchangeDetail | null) {
  const known = new Map<string, { readonly parent: string | null; readonly traceparent: string | null }>();
  const above = (id: string) => {
    const found = known.get(id);
    if (found !== undefined) return found;
    const detail = read(Number(id));
    const traceparent = detail?.client?.ids?.traceparent ?? detail?.server?.ids?.traceparent ?? null;
    const step = { parent: detail?.exchange.parent ?? null, traceparent };
    known.set(id, step);
    return step;
  };
  return ({ exchange }: ExchangeDetail): string | null => {
    let next = exchange.parent;
    for (let depth = 0; depth < DEPTH_MAX && next !== null; depth++) {
      const step = above(next);
      if (step.traceparent !== null) return step.traceparent;
      next = step.parent;
    }
    return null;
  };
}

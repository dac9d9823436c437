import type { ExchangeDetail } from '@soa-monitor/protocol';
import type { Database } from 'better-sqlite3';
import type { Arrival, Arrivals, ArrivalsQuery } from '../store.ts';
import type { Catalogue } from './catalogue.ts';
import type { DetailSource } from './exchange-detail.ts';
import { idOf, type Key, keyOf } from './exchange-key.ts';
import { createAttemptReader } from './read-attempts.ts';
import { createPlaceLookup, type PlacedRecord, scanPlaces } from './scan-places.ts';
import { inSnapshot } from './snapshot.ts';

const ARRIVALS_MAX = 1_000;
const AGAIN_MAX = 1_000;
/** Records looked at for one page, at most: it is read in one snapshot, since `end` must hold for all of it. */
const SCANNED_MAX = 50_000;
/** Exchanges above one that are looked at for a traceparent: deeper trees begin a trace of their own below. */
const DEPTH_MAX = 32;

export function readArrivals(
  database: Database,
  catalogue: Catalogue,
  source: DetailSource,
  query: ArrivalsQuery,
): Arrivals {
  const newest = database.prepare<[], { value: number }>("SELECT value FROM meta WHERE name = 'observation_seq'");
  return inSnapshot(database, () => {
    const read = source.begin(undefined, createAttemptReader(database, catalogue));
    const inherited = createInheritance((id) => read.exchange(id));
    const lookup = createPlaceLookup(database);
    const unattributed: string[] = [];
    const arrivalOf = (placed: PlacedRecord): readonly Arrival[] => {
      const id = idOf(placed);
      const detail = placed.isAttributed ? read.exchange(id) : null;
      if (!placed.isAttributed) unattributed.push(id);
      if (detail === null) return [];
      return [{ detail, arrivedAt: placed.receivedAt, inheritedTraceparent: inherited(detail) }];
    };
    const again = query.again.slice(0, AGAIN_MAX).flatMap((id) => {
      const key = keyOf(id);
      const placed = key === null ? null : lookup(key);
      return placed === null ? [] : arrivalOf(placed);
    });

    const { storedAfter } = query;
    const isWanted = ({ seq, isAttributed }: PlacedRecord): boolean =>
      storedAfter === null || seq > storedAfter || !isAttributed;
    const limit = Math.min(Math.max(1, query.limit), ARRIVALS_MAX);
    const arrivals: Arrival[] = [];
    let cursor: Key = query.after;
    let scanned = 0;
    let taken = 0;
    let more = false;
    for (const { key, placed } of scanPlaces(database, query.after, query.before)) {
      scanned++;
      cursor = key;
      if (placed !== null && isWanted(placed)) {
        taken++;
        arrivals.push(...arrivalOf(placed));
      }
      more = taken >= limit || scanned >= SCANNED_MAX;
      if (more) break;
    }
    return { arrivals, again, unattributed, cursor, more, end: newest.get()?.value ?? 0 };
  });
}

/** Exchanges of a page share what is above them, so each is read once. */
function createInheritance(read: (id: string) => ExchangeDetail | null) {
  const known = new Map<string, { readonly parent: string | null; readonly traceparent: string | null }>();
  const above = (id: string) => {
    const found = known.get(id);
    if (found !== undefined) return found;
    const detail = read(id);
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

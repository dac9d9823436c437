import type { Exchange, ExchangeDetail, Exchanges } from '@soa-monitor/protocol';
import type { Database } from 'better-sqlite3';
import type { ExchangesQuery } from '../store.ts';
import { createBodyReader } from './body-table.ts';
import type { Catalogue } from './catalogue.ts';
import type { DetailSource } from './exchange-detail.ts';
import { createExchangeFilter, hasEvidence, hasText } from './exchange-filter.ts';
import { readKept } from './kept.ts';
import { createAttemptReader } from './read-attempts.ts';
import { scanExchanges } from './scan.ts';
import { inSnapshot } from './snapshot.ts';

/**
 * Work for one page, at most: 1 for an exchange looked at, more for one that is read whole to be shown or searched for a
 * text. A page that ends there is not full, says how far it came, and its cursor goes on.
 */
export const SCANNED_MAX = 60_000;
export const DETAIL_COST = 10;
const PAGE_MAX = 10_000;

/** Exchanges that are attributed, by their start. The cursor stays true whatever is stored in between. */
export function readExchanges(
  database: Database,
  catalogue: Catalogue,
  details: DetailSource,
  query: ExchangesQuery,
): Exchanges {
  return inSnapshot(database, ({ renewIfOld }) => {
    const detail = details.begin();
    const limit = Math.min(Math.max(1, query.limit), PAGE_MAX);
    const isWanted = createExchangeFilter(database, catalogue, query);
    const exchanges: Exchange[] = [];
    let scanned = 0;
    let work = 0;
    const { window } = query;
    const newestFirst = query.order !== 'oldest';
    const { factsSince } = readKept(database);
    const answered = (end: { readonly scannedTo: number; readonly cursor: string | null }): Exchanges => ({
      window,
      exchanges,
      ...end,
      explain: {
        tiers: [{ tier: 'facts', rows: scanned }],
        rowsRead: scanned,
        partial: window.from < factsSince ? [{ reason: 'expired', before: factsSince, exchanges: null }] : [],
      },
    });
    const scan = { ...window, after: parseCursor(query.cursor), newestFirst, first: limit, between: renewIfOld };
    for (const candidate of scanExchanges(database, scan)) {
      scanned++;
      work++;
      if (isWanted(candidate)) {
        work += DETAIL_COST;
        const found = detail.exchange(candidate.id);
        if (found !== null && hasEvidence(found, query) && hasText(found, query.text)) exchanges.push(found.exchange);
      }
      if (exchanges.length >= limit || work >= SCANNED_MAX)
        return answered({ scannedTo: candidate.time, cursor: `${candidate.time}.${candidate.seq}` });
    }
    return answered({ scannedTo: newestFirst ? window.from : window.to, cursor: null });
  });
}

/** One exchange with both halves; an id that was merged away leads to the survivor. Null: unknown, or not attributed yet. */
export function readExchange(
  database: Database,
  catalogue: Catalogue,
  details: DetailSource,
  id: string,
): ExchangeDetail | null {
  const bodiesOf = createBodyReader(database);
  const attemptsOf = createAttemptReader(database, catalogue);
  return inSnapshot(database, () => details.begin(bodiesOf, attemptsOf).exchange(id));
}

export function parseCursor(cursor: string | null): { readonly time: number; readonly seq: number } | null {
  const [time, seq] = (cursor ?? '').split('.').map(Number);
  return time !== undefined && seq !== undefined && Number.isSafeInteger(time) && Number.isSafeInteger(seq)
    ? { time, seq }
    : null;
}

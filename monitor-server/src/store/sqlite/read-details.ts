import type { ExchangeDetail } from '@soa-monitor/protocol';
import type { Database } from 'better-sqlite3';
import type { ExportQuery } from '../store.ts';
import { createBodyReader } from './body-table.ts';
import type { Catalogue } from './catalogue.ts';
import type { DetailSource } from './exchange-detail.ts';
import { createExchangeFilter, hasEvidence, hasText } from './exchange-filter.ts';
import { createAttemptReader } from './read-attempts.ts';
import { DETAIL_COST, parseCursor, SCANNED_MAX } from './read-exchanges.ts';
import { scanExchanges } from './scan.ts';
import { inSnapshot } from './snapshot.ts';

/** A page of exchanges with both halves. */
export interface Details {
  readonly details: readonly ExchangeDetail[];
  /** null: this was the last page. */
  readonly cursor: string | null;
}

const DETAILS_MAX = 1_000;

/** The same exchanges, in the same order and by the same cursors, as `readExchanges` gives. */
export function readDetails(
  database: Database,
  catalogue: Catalogue,
  source: DetailSource,
  query: ExportQuery,
): Details {
  return inSnapshot(database, ({ renewIfOld }) => {
    const bodiesOf = query.bodies ? createBodyReader(database) : undefined;
    const detail = source.begin(bodiesOf, createAttemptReader(database, catalogue));
    const isWanted = createExchangeFilter(database, catalogue, query);
    const limit = Math.min(Math.max(1, query.limit), DETAILS_MAX);
    const details: ExchangeDetail[] = [];
    let work = 0;
    const scan = {
      ...query.window,
      after: parseCursor(query.cursor),
      newestFirst: query.order !== 'oldest',
      between: renewIfOld,
    };
    for (const candidate of scanExchanges(database, scan)) {
      work++;
      if (isWanted(candidate)) {
        work += DETAIL_COST;
        const found = detail.exchange(candidate.id);
        if (found !== null && hasEvidence(found, query) && hasText(found, query.text)) details.push(found);
      }
      if (details.length >= limit || work >= SCANNED_MAX)
        return { details, cursor: `${candidate.time}.${candidate.seq}` };
    }
    return { details, cursor: null };
  });
}

import type { Accounting } from '@soa-monitor/protocol';
import type { Database } from 'better-sqlite3';
import { parseCounters } from './process-table.ts';

interface Row {
  readonly counters: string;
  readonly stored: number;
  readonly expired: number;
}

/**
 * The accounting of rows, summed over all reporters (design, section 4).
 *
 * A reporter's counters were true when it sent its last report: rows that the store has committed since are still "in
 * transit" there, or queued, or even dropped (it gave up on a report that had arrived after all). The store knows better,
 * so those are moved to acknowledged; then acknowledged = stored + expired holds by itself in every healthy state, also
 * after a kill of either side. What remains is a difference: rows that a reporter saw acknowledged and the store does not
 * have (a lost or restored database), rows in the store that the reporter never observed, or counters that do not add up.
 * Differences are summed by size, so that two of them cannot hide each other. `check` counts the facts themselves.
 */
export function readAccounting(database: Database): Accounting {
  const select = database.prepare<[], Row>('SELECT counters, stored, expired FROM process');
  const sum = {
    observed: 0,
    acknowledged: 0,
    refused: 0,
    inTransit: 0,
    queued: 0,
    dropped: 0,
    stored: 0,
    expired: 0,
    difference: 0,
  };
  for (const row of select.all()) {
    const of = accountOf(row);
    sum.observed += of.observed;
    sum.acknowledged += of.acknowledged;
    sum.refused += of.refused;
    sum.inTransit += of.inTransit;
    sum.queued += of.queued;
    sum.dropped += of.dropped;
    sum.stored += of.stored;
    sum.expired += of.expired;
    sum.difference += Math.abs(of.difference);
  }
  return sum;
}

function accountOf(row: Row): Accounting {
  const { observed, acknowledged, refused, ...told } = parseCounters(row.counters);
  let { inTransit, queued } = told;
  let dropped = Object.values(told.dropped).reduce((total, count) => total + count, 0);
  let committed = Math.max(0, row.stored - acknowledged);
  const known = acknowledged + committed;
  const take = (from: number): number => {
    const taken = Math.min(from, committed);
    committed -= taken;
    return from - taken;
  };
  inTransit = take(inTransit);
  queued = take(queued);
  dropped = take(dropped);
  const atReporter = observed - (known + refused + inTransit + queued + dropped);
  const atStore = known - row.stored;
  return {
    ...{ observed, acknowledged: known, refused, inTransit, queued, dropped },
    stored: row.stored - row.expired,
    expired: row.expired,
    difference: Math.abs(atReporter) + Math.abs(atStore),
  };
}

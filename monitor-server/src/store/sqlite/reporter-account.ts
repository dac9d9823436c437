import type { ReporterAccount } from '@soa-monitor/protocol';
import { type ProcessRow, parseCounters } from './process-table.ts';

/** One reporter's rows as the store understands them: its last counters, corrected by what has come since. */
export interface Account extends Omit<ReporterAccount, 'node'> {
  readonly inTransit: number;
  readonly queued: number;
  readonly stored: number;
  readonly expired: number;
}

/** A reporter without a word for so long has gone without a goodbye: as long as until its calls in flight count as lost. */
const SILENT_MICROS = 60_000_000;

/** Why a row can be counted as dropped and have arrived all the same: its report went out, the answer never came. */
const MAY_HAVE_ARRIVED = 'unanswered';

/**
 * A reporter's counters were true when it sent its last report: rows that the store has committed since are still "in
 * transit" there, or queued, or even dropped (it gave up on a report that had arrived after all). The store knows better,
 * so those are moved to acknowledged; then acknowledged = stored + expired holds by itself in every healthy state, also
 * after a kill of either side. What remains is a difference: rows that a reporter saw acknowledged and the store does not
 * have (a lost or restored database), rows in the store that the reporter never observed, or counters that do not add up.
 *
 * What is then still in transit or queued at a reporter that will not report again is a gap: row numbers that it used and
 * that never came. (A spool sends them later under the same reporter: then the gap closes.)
 */
export function accountOf(row: ProcessRow, now: number): Account {
  const { observed, acknowledged, refused, ...told } = parseCounters(row.counters);
  let committed = Math.max(0, row.stored - acknowledged);
  const known = acknowledged + committed;
  const take = (from: number): number => {
    const taken = Math.min(from, committed);
    committed -= taken;
    return from - taken;
  };
  const inTransit = take(told.inTransit);
  const queued = take(told.queued);
  const dropped = new Map<string, number>();
  for (const [reason, count] of arrivedFirst(told.dropped)) {
    const left = take(count);
    if (left > 0) dropped.set(reason, left);
  }
  const atReporter = observed - (known + refused + inTransit + queued + sumOf(dropped.values()));
  const atStore = known - row.stored;
  const life = row.closing === 1 ? 'closed' : now - row.last_report_at > SILENT_MICROS ? 'silent' : 'reporting';
  return {
    reporter: row.reporter,
    name: row.name,
    machine: row.machine,
    life,
    lastReportAt: row.last_report_at,
    ...{ observed, acknowledged: known, refused, inTransit, queued },
    dropped: Object.fromEntries(dropped),
    gaps: life === 'reporting' ? 0 : inTransit + queued,
    stored: row.stored - row.expired,
    expired: row.expired,
    difference: Math.abs(atReporter) + Math.abs(atStore),
  };
}

/** Rows of one reporter that the monitor will never show, whatever the reason. */
export const lostRows = ({ dropped, gaps, refused, difference }: Account): number =>
  sumOf(Object.values(dropped)) + gaps + refused + difference;

export function shownAccount(account: Account, node: string): ReporterAccount {
  const { reporter, name, machine, life, lastReportAt } = account;
  const { observed, acknowledged, refused, dropped, gaps, difference } = account;
  return {
    ...{ reporter, node, name, machine, life, lastReportAt },
    ...{ observed, acknowledged, refused, dropped, gaps, difference },
  };
}

const arrivedFirst = (dropped: Readonly<Record<string, number>>): readonly (readonly [string, number])[] =>
  Object.entries(dropped).sort(([a], [b]) => Number(b === MAY_HAVE_ARRIVED) - Number(a === MAY_HAVE_ARRIVED));

export function sumOf(counts: Iterable<number>): number {
  let sum = 0;
  for (const count of counts) sum += count;
  return sum;
}

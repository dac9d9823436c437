import { ACCOUNTING_LIMITS, type Accounting, clientId, serverId } from '@soa-monitor/protocol';
import type { Database } from 'better-sqlite3';
import type { ProcessRow } from './process-table.ts';
import { type Account, accountOf, lostRows, shownAccount, sumOf } from './reporter-account.ts';

/**
 * The accounting of rows, summed over all reporters (design, section 4), and those of whom something is missing by name.
 * Differences are summed by size, so that two of them cannot hide each other. `check` counts the facts themselves.
 */
export function readAccounting(database: Database, now: number): Accounting {
  const select = database.prepare<[], ProcessRow>('SELECT * FROM process ORDER BY number');
  const server = database.prepare<[string], { found: number }>('SELECT 1 AS found FROM node WHERE id = ?');
  const nodeOf = ({ machine, name }: Account): string => {
    const id = serverId(machine, name);
    return server.get(id) === undefined ? clientId(machine, name) : id;
  };
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
    gaps: 0,
  };
  const reasons = new Map<string, number>();
  const lacking: Account[] = [];
  for (const row of select.iterate()) {
    const of = accountOf(row, now);
    sum.observed += of.observed;
    sum.acknowledged += of.acknowledged;
    sum.refused += of.refused;
    sum.inTransit += of.inTransit;
    sum.queued += of.queued;
    sum.dropped += sumOf(Object.values(of.dropped));
    sum.stored += of.stored;
    sum.expired += of.expired;
    sum.difference += of.difference;
    sum.gaps += of.gaps;
    for (const [reason, count] of Object.entries(of.dropped)) addReason(reasons, reason, count);
    if (lostRows(of) > 0) lacking.push(of);
  }
  const reporters = lacking
    .sort((a, b) => lostRows(b) - lostRows(a))
    .slice(0, ACCOUNTING_LIMITS.reporters)
    .map((account) => shownAccount(account, nodeOf(account)));
  return { ...sum, droppedByReason: Object.fromEntries(reasons), reporters };
}

/** Reporters name the reasons, so their number is bounded here. */
function addReason(reasons: Map<string, number>, reason: string, count: number): void {
  const named = reasons.has(reason) || reasons.size < ACCOUNTING_LIMITS.reasons - 1 ? reason : 'other';
  reasons.set(named, (reasons.get(named) ?? 0) + count);
}

import {
  type Exchange,
  type ExchangeDetail,
  type MissingPart,
  type Transaction,
  transactionParts,
} from '@soa-monitor/protocol';
import type { Database } from 'better-sqlite3';
import type { Catalogue } from './catalogue.ts';
import { createDetailReader } from './read-exchanges.ts';
import { inSnapshot } from './snapshot.ts';

const TRANSACTION_MAX = 10_000;

/**
 * The tree of exchanges that the exchange belongs to, by the id of any of them, in the order of their starts; where its time
 * went; and what cannot be told. Null: unknown, or not attributed yet.
 */
export function readTransaction(database: Database, catalogue: Catalogue, id: string): Transaction | null {
  return inSnapshot(database, ({ renewIfOld }) => {
    const detail = createDetailReader(database, catalogue);
    const children = database.prepare<[number], { exchange: number }>('SELECT exchange FROM child WHERE parent = ?');
    const missingOf = createMissingReader(database, catalogue);
    const root = detail.rootOf(Number(id));
    const details: ExchangeDetail[] = [];
    const missing: MissingPart[] = [];
    const seen = new Set<number>([root]);
    for (const next of seen) {
      const found = detail.exchange(next);
      if (found === null && next === root) return null;
      // A round before a message's last is told with that one.
      if (found !== null && found.exchange.outcome !== 'attempt') {
        details.push(found);
        missing.push(...missingOf(next, found, next === root));
      }
      for (const child of children.all(next)) {
        if (seen.size < TRANSACTION_MAX) seen.add(child.exchange);
        else if (missing[0]?.part !== 'children')
          missing.unshift({ exchange: String(root), part: 'children', why: 'cut' });
      }
      renewIfOld();
    }
    details.sort((a, b) => a.exchange.start - b.exchange.start);
    const exchanges = details.map(({ exchange }) => exchange);
    const parts = transactionParts(details.map(({ exchange, client, server }) => ({ ...exchange, client, server })));
    return { id: String(root), exchanges, totalMicros: totalOf(exchanges, String(root)), parts, missing };
  });
}

const totalOf = (exchanges: readonly Exchange[], root: string): number | null =>
  exchanges.find(({ id }) => id === root)?.durationMicros ?? null;

interface KeysRow {
  readonly client_time: number | null;
  readonly server_time: number | null;
  readonly parent: number | null;
}

/** A half that was never stored never came; one whose key is known and whose record is gone has expired. */
function createMissingReader(database: Database, catalogue: Catalogue) {
  const keys = database.prepare<[number], KeysRow>(
    'SELECT client_time, server_time, parent FROM exchange WHERE id = ?',
  );
  const nodes = catalogue.nodes();
  const isMonitored = (id: string): boolean => nodes.get(id)?.monitored ?? false;
  return (id: number, { exchange, client, server }: ExchangeDetail, isRoot: boolean): readonly MissingPart[] => {
    const row = keys.get(id);
    const missing: MissingPart[] = [];
    const whyNot = (time: number | null | undefined, node: string): MissingPart['why'] =>
      typeof time === 'number' ? 'expired' : isMonitored(node) ? 'neverCame' : 'notMonitored';
    if (client === null)
      missing.push({ exchange: exchange.id, part: 'client', why: whyNot(row?.client_time, exchange.source) });
    if (server === null)
      missing.push({ exchange: exchange.id, part: 'server', why: whyNot(row?.server_time, exchange.target) });
    if (exchange.outcome === null) missing.push({ exchange: exchange.id, part: 'end', why: 'neverCame' });
    // The tree begins at the uppermost that is kept: what called it was there once.
    if (isRoot && exchange.parent !== null) missing.push({ exchange: exchange.id, part: 'parent', why: 'expired' });
    return missing;
  };
}

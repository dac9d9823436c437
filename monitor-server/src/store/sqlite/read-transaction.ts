import {
  type Exchange,
  type ExchangeDetail,
  type MissingPart,
  type Transaction,
  transactionParts,
} from '@soa-monitor/protocol';
import type { Database } from 'better-sqlite3';
import type { Catalogue } from './catalogue.ts';
import type { DetailReader, DetailSource } from './exchange-detail.ts';
import { inSnapshot } from './snapshot.ts';

const TRANSACTION_MAX = 10_000;

/**
 * The tree of exchanges that the exchange belongs to, by the id of any of them, in the order of their starts; where its time
 * went; and what cannot be told. Null: unknown, or not attributed yet.
 */
export function readTransaction(
  database: Database,
  catalogue: Catalogue,
  source: DetailSource,
  id: string,
): Transaction | null {
  return inSnapshot(database, ({ renewIfOld }) => {
    const detail = source.begin();
    const missingOf = createMissingReader(detail, catalogue);
    const root = detail.rootOf(id);
    const details: ExchangeDetail[] = [];
    const missing: MissingPart[] = [];
    const seen = new Set<string>([root]);
    for (const next of seen) {
      const found = detail.exchange(next);
      if (found === null && next === root) return null;
      // A round before a message's last is told with that one.
      if (found !== null && found.exchange.outcome !== 'attempt') {
        details.push(found);
        missing.push(...missingOf(found, next === root));
      }
      for (const child of detail.childrenOf(next)) {
        if (seen.size < TRANSACTION_MAX) seen.add(child);
        else if (missing[0]?.part !== 'children') missing.unshift({ exchange: root, part: 'children', why: 'cut' });
      }
      renewIfOld();
    }
    details.sort((a, b) => a.exchange.start - b.exchange.start);
    const exchanges = details.map(({ exchange }) => exchange);
    const parts = transactionParts(details.map(({ exchange, client, server }) => ({ ...exchange, client, server })));
    return { id: root, exchanges, totalMicros: totalOf(exchanges, root), parts, missing };
  });
}

const totalOf = (exchanges: readonly Exchange[], root: string): number | null =>
  exchanges.find(({ id }) => id === root)?.durationMicros ?? null;

/** A half that was never stored never came; one that another half names and that is gone has expired. */
function createMissingReader(detail: DetailReader, catalogue: Catalogue) {
  const nodes = catalogue.nodes();
  const whyNot = (node: string): MissingPart['why'] =>
    (nodes.get(node)?.monitored ?? false) ? 'neverCame' : 'notMonitored';
  return ({ exchange, client, server, expired }: ExchangeDetail, isRoot: boolean): readonly MissingPart[] => {
    const { id, source, target } = exchange;
    const missing: MissingPart[] = [];
    if (client === null)
      missing.push({ exchange: id, part: 'client', why: expired === 'client' ? 'expired' : whyNot(source) });
    if (server === null)
      missing.push({ exchange: id, part: 'server', why: expired === 'server' ? 'expired' : whyNot(target) });
    if (exchange.outcome === null) missing.push({ exchange: id, part: 'end', why: 'neverCame' });
    // The tree begins at the uppermost that is kept: what called it was there once.
    if (isRoot && detail.hasLostParent(id)) missing.push({ exchange: id, part: 'parent', why: 'expired' });
    return missing;
  };
}

import type { Exchange } from '@soa-monitor/protocol';

export interface TransactionBranch {
  readonly exchange: Exchange;
  readonly children: readonly TransactionBranch[];
}

/**
 * The exchanges of a transaction as a tree, each level in order of time. An exchange whose parent is not among them (not
 * stored, or lost) stands at the top, so nothing is left out; nor does a circle of parents hide or repeat anything.
 */
export function transactionTree(exchanges: readonly Exchange[]): readonly TransactionBranch[] {
  const children = new Map<string | null, Exchange[]>();
  const ids = new Set(exchanges.map((exchange) => exchange.id));
  for (const exchange of [...exchanges].sort((one, other) => one.start - other.start)) {
    const parent = exchange.parent !== null && ids.has(exchange.parent) ? exchange.parent : null;
    children.set(parent, [...(children.get(parent) ?? []), exchange]);
  }
  const placed = new Set<string>();
  const branch = (exchange: Exchange): TransactionBranch => {
    placed.add(exchange.id);
    const below = (children.get(exchange.id) ?? []).filter((child) => !placed.has(child.id));
    return { exchange, children: below.map(branch) };
  };
  const top = (children.get(null) ?? []).map(branch);
  const circling = exchanges.flatMap((exchange) => (placed.has(exchange.id) ? [] : [branch(exchange)]));
  return [...top, ...circling];
}

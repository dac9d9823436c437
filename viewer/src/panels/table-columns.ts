/** What a table lists. */
export type TableOf = 'node' | 'link';

/** The columns by which the table twin can be sorted. */
export const COLUMNS = ['name', 'kind', 'state', 'rate', 'p95', 'failed', 'inFlight'] as const;
export type Column = (typeof COLUMNS)[number];

export interface Order {
  readonly column: Column;
  readonly descending: boolean;
}

/** The order in which a table begins: what deserves a look comes first. */
export const usualOrder = (of: TableOf): Order => ({ column: of === 'node' ? 'state' : 'rate', descending: true });

/** As it stands in an address: "-p95" is p95, the largest first. Null: the order in which the table begins. */
export function orderText(order: Order | null, of: TableOf): string | null {
  const usual = usualOrder(of);
  if (order === null || (order.column === usual.column && order.descending === usual.descending)) return null;
  return `${order.descending ? '-' : ''}${order.column}`;
}

/** Null: it names none, or the usual one. */
export function orderOf(text: string | null, of: TableOf): Order | null {
  const descending = text?.startsWith('-') ?? false;
  const column = COLUMNS.find((name) => name === text?.slice(descending ? 1 : 0));
  if (column === undefined || (of === 'link' && NODES_ONLY.has(column))) return null;
  const order = { column, descending };
  return orderText(order, of) === null ? null : order;
}

/** A link has neither. */
const NODES_ONLY: ReadonlySet<Column> = new Set(['kind', 'state']);

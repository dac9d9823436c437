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
const usualOrder = (of: TableOf): Order => ({ column: of === 'node' ? 'state' : 'rate', descending: true });

/** As it stands in an address: "-p95" is p95, the largest first. Empty: the order in which the table begins. */
export function orderText({ column, descending }: Order, of: TableOf): string {
  const usual = usualOrder(of);
  if (column === usual.column && descending === usual.descending) return '';
  return `${descending ? '-' : ''}${column}`;
}

/** What names no column of the table is the order in which it begins. */
export function orderOf(text: string, of: TableOf): Order {
  const descending = text.startsWith('-');
  const column = COLUMNS.find((name) => name === text.slice(descending ? 1 : 0));
  return column === undefined || (of === 'link' && NODES_ONLY.has(column)) ? usualOrder(of) : { column, descending };
}

/** A link has neither. */
const NODES_ONLY: ReadonlySet<Column> = new Set(['kind', 'state']);

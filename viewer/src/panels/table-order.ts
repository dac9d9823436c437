import type { FiguresView, LinkView, NodeView } from '../session/session.ts';
import { severityOf } from './deviating.ts';
import { linkTitle } from './link-title.ts';
import type { Column, Order } from './table-columns.ts';

/** A row of the twin: a node, or a link, with what can be sorted. */
export interface TwinRow {
  readonly id: string;
  readonly name: string;
  readonly kind: string;
  readonly state: string | null;
  readonly figures: FiguresView | null;
  /** Put together of several operations, whose p95 is not known from theirs. */
  readonly ofSeveral: boolean;
}

export const nodeRow = (view: NodeView): TwinRow => ({
  id: view.node.id,
  name: view.label,
  kind: view.node.kind,
  state: view.state,
  figures: view.absent ? null : view.figures,
  ofSeveral: false,
});

export const linkRow = (link: LinkView): TwinRow => ({
  id: link.id,
  name: linkTitle(link),
  kind: 'link',
  state: null,
  figures: link.figures,
  ofSeveral: (link.operations?.length ?? 0) > 1,
});

/** A new list. What is unknown comes last whichever way it is sorted; equals stay in the order of their names. */
export function sorted(rows: readonly TwinRow[], { column, descending }: Order): readonly TwinRow[] {
  const turn = descending ? -1 : 1;
  return [...rows].sort((one, other) => {
    const left = sortValue(one, column);
    const right = sortValue(other, column);
    if (left === null || right === null) return Number(left === null) - Number(right === null) || byName(one, other);
    const order =
      typeof left === 'string' || typeof right === 'string' ? String(left).localeCompare(String(right)) : left - right;
    return turn * order || byName(one, other);
  });
}

/** Numbers and states begin with the largest or worst, names with A; the same column again turns round. */
export function nextOrder(order: Order, column: Column): Order {
  if (order.column === column) return { column, descending: !order.descending };
  return { column, descending: column !== 'name' && column !== 'kind' };
}

function sortValue(row: TwinRow, column: Column): string | number | null {
  switch (column) {
    case 'name':
      return row.name;
    case 'kind':
      return row.kind;
    case 'state':
      return row.state === null ? null : severityOf(row.state);
    case 'rate':
      return row.figures?.perSecond ?? null;
    case 'p95':
      return row.figures?.p95Micros ?? null;
    case 'failed':
      return row.figures?.faultShare ?? null;
    case 'inFlight':
      return row.figures?.inFlight ?? null;
  }
}

const byName = (one: TwinRow, other: TwinRow): number => one.name.localeCompare(other.name);

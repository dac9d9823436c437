import type { Node } from '@soa-monitor/protocol';
import { ArrowDown, ArrowUp } from 'lucide-react';
import { formatDuration } from '../format/durations.ts';
import { formatCount, formatRate, formatShare, UNKNOWN } from '../format/numbers.ts';
import { isLoud } from './deviating.ts';
import { KindGlyph, NODE_KINDS } from './KindGlyph.tsx';
import { StateMark } from './StateMark.tsx';
import type { Column, Order } from './table-columns.ts';
import { nextOrder, sorted, type TwinRow } from './table-order.ts';

interface TwinTableProps {
  readonly kind: 'node' | 'link';
  readonly rows: readonly TwinRow[];
  readonly order: Order;
  readonly onOrder: (order: Order) => void;
  readonly selected: string | null;
  readonly onSelect: (id: string) => void;
}

export function TwinTable({ kind, rows, order, onOrder, selected, onSelect }: TwinTableProps) {
  const shown = sorted(rows, order).slice(0, ROWS_MAX);
  const columns = kind === 'node' ? NODE_COLUMNS : LINK_COLUMNS;
  return (
    <>
      <table>
        <thead>
          <tr>
            {columns.map((column) => (
              <th
                key={column}
                scope="col"
                className={NUMBERS.has(column) ? 'number' : ''}
                aria-sort={order.column !== column ? 'none' : order.descending ? 'descending' : 'ascending'}
              >
                <button type="button" onClick={() => onOrder(nextOrder(order, column))}>
                  {WORDS[column]}
                  {order.column === column && <Direction descending={order.descending} />}
                </button>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {shown.map((row) => (
            <tr key={row.id} aria-current={row.id === selected}>
              {columns.map((column) => (
                <td key={column} className={NUMBERS.has(column) ? 'number' : ''}>
                  {column === 'name' ? (
                    <button type="button" onClick={() => onSelect(row.id)}>
                      {kindOf(row.kind) !== undefined && <KindGlyph kind={kindOf(row.kind) ?? 'outside'} />}
                      {row.name}
                    </button>
                  ) : (
                    <Cell row={row} column={column} />
                  )}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {shown.length === 0 && <p className="quiet">Nothing to list.</p>}
      {rows.length > ROWS_MAX && (
        <p className="quiet small">
          The first {formatCount(ROWS_MAX)} of {formatCount(rows.length)}. Sort by another column, or find one by name
          (/).
        </p>
      )}
    </>
  );
}

function Cell({ row, column }: { readonly row: TwinRow; readonly column: Column }) {
  const { figures } = row;
  switch (column) {
    case 'state':
      return row.state === null ? <span className="quiet">no state</span> : <StateMark state={row.state} />;
    case 'rate':
      return formatRate(figures?.perSecond ?? null);
    case 'p95':
      return row.ofSeveral && figures?.p95Micros === null
        ? 'unknown of several'
        : formatDuration(figures?.p95Micros ?? null);
    case 'failed':
      return (
        <span className={isLoud(figures?.faultShare ?? null) ? 'outcome bad' : ''}>
          {formatShare(figures?.faultShare ?? null)}
        </span>
      );
    case 'inFlight':
      return figures === null ? UNKNOWN : formatCount(figures.inFlight);
    default:
      return row.kind;
  }
}

const Direction = ({ descending }: { readonly descending: boolean }) =>
  descending ? <ArrowDown size={12} aria-hidden="true" /> : <ArrowUp size={12} aria-hidden="true" />;

const kindOf = (word: string): Node['kind'] | undefined => NODE_KINDS.find(({ kind }) => kind === word)?.kind;

const WORDS: Record<Column, string> = {
  name: 'Name',
  kind: 'Kind',
  state: 'State',
  rate: 'Rate',
  p95: 'p95',
  failed: 'Failed',
  inFlight: 'In flight',
};
const NODE_COLUMNS: readonly Column[] = ['name', 'kind', 'state', 'rate', 'p95', 'failed', 'inFlight'];
const LINK_COLUMNS: readonly Column[] = ['name', 'rate', 'p95', 'failed', 'inFlight'];
const NUMBERS: ReadonlySet<Column> = new Set(['rate', 'p95', 'failed', 'inFlight']);
/** A page of rows that a browser lays out without a pause; larger estates are searched, not scrolled. */
const ROWS_MAX = 500;

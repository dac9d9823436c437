import type { Explain, TrafficGroup, Window } from '@soa-monitor/protocol';
import type { Catalogue } from './catalogue.ts';
import { type DenseFigures, noDenseFigures, sumOfMany } from './dense-figures.ts';
import type { FoldFigures } from './read-figures.ts';

export interface Grouping {
  readonly window: Window;
  readonly stepMicros: number;
  readonly links: readonly number[] | null;
  readonly operation: number | null;
  readonly by: TrafficGroup;
  readonly max: number;
}

interface Group {
  readonly key: string;
  readonly count: number;
  /** By the beginning of each step. */
  readonly sums: ReadonlyMap<number, DenseFigures>;
}

/**
 * The busiest groups of a window, each by steps. It is folded twice: which groups are the busiest is known only at its end,
 * and all of them by steps would have no bound.
 */
export function foldGroups(
  catalogue: Catalogue,
  fold: FoldFigures,
  { window, stepMicros, links, operation, by, max }: Grouping,
  renew: () => void,
): { readonly groups: readonly Group[]; readonly all: number; readonly explain: Explain } {
  const keyOf = keysBy(catalogue, by);
  const wanted = { window, links, operation, isTotal: false };
  const totals = new Map<string, DenseFigures>();
  fold({ ...wanted, stepMicros: null }, renew, (link, named) => {
    const key = keyOf(link, named);
    if (key === null) return null;
    const known = totals.get(key) ?? sumOfMany();
    totals.set(key, known);
    return known;
  });
  const busiest = [...totals]
    .filter(([, { count }]) => count > 0)
    .sort(([a, one], [b, other]) => other.count - one.count || (a < b ? -1 : 1));
  const shown = new Map(busiest.slice(0, max).map(([key]) => [key, new Map<number, DenseFigures>()]));
  const explain = fold({ ...wanted, stepMicros }, renew, (link, named, at) => {
    const sums = shown.get(keyOf(link, named) ?? '');
    if (sums === undefined) return null;
    const step = Math.floor(at / stepMicros) * stepMicros;
    const known = sums.get(step) ?? noDenseFigures();
    sums.set(step, known);
    return known;
  });
  const groups = [...shown].map(([key, sums]) => ({ key, sums, count: countOf(sums) }));
  return { groups, all: busiest.length, explain };
}

const countOf = (sums: ReadonlyMap<number, DenseFigures>): number =>
  [...sums.values()].reduce((total, { count }) => total + count, 0);

/** What a link and operation belong to; null: to no group, as a call whose operation is unknown. */
function keysBy(catalogue: Catalogue, by: TrafficGroup): (link: number, operation: number) => string | null {
  if (by === 'operation') return (_link, operation) => catalogue.operationName(operation) || null;
  const nodes = catalogue.nodes();
  const keys = new Map<number, string | null>();
  const keyOf = (number: number): string | null => {
    const { id, source, target } = catalogue.link(number);
    if (by === 'link') return id;
    if (by === 'node') return target;
    const kind = nodes.get(source)?.kind;
    return kind === 'client' || kind === 'outside' ? source : null;
  };
  return (link) => {
    const known = keys.get(link);
    if (known !== undefined) return known;
    const key = keyOf(link);
    keys.set(link, key);
    return key;
  };
}

import type { Traffic } from '@soa-monitor/protocol';
import type { Database } from 'better-sqlite3';
import type { TrafficQuery } from '../store.ts';
import type { Catalogue } from './catalogue.ts';
import { type DenseFigures, noDenseFigures, pairsOf, shownDense } from './dense-figures.ts';
import { foldGroups } from './fold-groups.ts';
import type { FoldFigures } from './read-figures.ts';
import { inSnapshot } from './snapshot.ts';
import { wantedNumbers } from './wanted-links.ts';

const STEP_MICROS_MIN = 1_000_000;

/** Figures per step of a window. Steps begin at multiples of the step; the first and the last are cut by the window. */
export function readTraffic(database: Database, catalogue: Catalogue, fold: FoldFigures, query: TrafficQuery): Traffic {
  const { window } = query;
  const stepMicros = Math.max(STEP_MICROS_MIN, Math.floor(query.stepMicros));
  return inSnapshot(database, ({ renewIfOld }) => {
    const numbers = wantedNumbers(database, catalogue, query);
    const { groups } = query;
    if (groups !== undefined) {
      const grouping = { ...numbers, ...groups, window, stepMicros };
      const grouped = foldGroups(catalogue, fold, grouping, renewIfOld);
      const shown = grouped.groups.map(({ key, count, sums }) => ({ key, count, buckets: bucketsOf(sums, query) }));
      return { window, stepMicros, buckets: [], groups: shown, groupCount: grouped.all, explain: grouped.explain };
    }
    const isTotal = numbers.links === null && numbers.operation === null;
    const sums = new Map<number, DenseFigures>();
    const explain = fold({ window, stepMicros, ...numbers, isTotal }, renewIfOld, (_link, _operation, at) => {
      // What is taken out before the window's beginning belongs to the step that it cuts.
      const step = Math.floor(at / stepMicros) * stepMicros;
      const known = sums.get(step);
      if (known !== undefined) return known;
      const figures = noDenseFigures();
      sums.set(step, figures);
      return figures;
    });
    return { window, stepMicros, buckets: bucketsOf(sums, query), explain };
  });
}

function bucketsOf(sums: ReadonlyMap<number, DenseFigures>, { latency }: TrafficQuery): Traffic['buckets'] {
  return [...sums]
    .filter(([, { count }]) => count > 0)
    .sort(([a], [b]) => a - b)
    .map(([from, figures]) =>
      latency === true
        ? { ...bucketFrom(from, shownDense(figures)), latency: pairsOf(figures) }
        : bucketFrom(from, shownDense(figures)),
    );
}

/** Written out, as there are thousands: a spread costs as much as the fold. */
const bucketFrom = (from: number, shown: ReturnType<typeof shownDense>): Traffic['buckets'][number] => ({
  from,
  count: shown.count,
  faults: shown.faults,
  errors: shown.errors,
  requestBytes: shown.requestBytes,
  replyBytes: shown.replyBytes,
  p50Micros: shown.p50Micros,
  p95Micros: shown.p95Micros,
  p99Micros: shown.p99Micros,
});

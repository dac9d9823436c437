import { bucketOf, countInto, type Histogram, histogramFromPairs, mergeInto, quantile } from './histogram.ts';
import type { CellTuple } from './live.ts';
import { isError, type Outcome } from './outcome.ts';

/** What is counted of a set of ended exchanges. Adding and taking out are exact inverses. */
export interface Figures {
  count: number;
  faults: number;
  errors: number;
  requestBytes: number;
  replyBytes: number;
  readonly histogram: Histogram;
}

/** One ended exchange, as figures count it. */
export interface Counted {
  readonly outcome: Outcome;
  readonly durationMicros: number;
  readonly requestBytes: number;
  readonly replyBytes: number;
}

export const noFigures = (): Figures => ({
  count: 0,
  faults: 0,
  errors: 0,
  requestBytes: 0,
  replyBytes: 0,
  histogram: new Map(),
});

/** Counts one exchange in (`times` = 1) or out again (−1), in place. A round that was not the last is none. */
export function countExchange(figures: Figures, exchange: Counted, times: 1 | -1): void {
  if (exchange.outcome === 'attempt') return;
  figures.count += times;
  if (exchange.outcome === 'fault') figures.faults += times;
  if (isError(exchange.outcome)) figures.errors += times;
  figures.requestBytes += times * exchange.requestBytes;
  figures.replyBytes += times * exchange.replyBytes;
  countInto(figures.histogram, bucketOf(exchange.durationMicros), times);
}

/** Adds all of `other` to `figures`, in place. */
export function addFigures(figures: Figures, other: Figures): void {
  figures.count += other.count;
  figures.faults += other.faults;
  figures.errors += other.errors;
  figures.requestBytes += other.requestBytes;
  figures.replyBytes += other.replyBytes;
  mergeInto(figures.histogram, other.histogram);
}

export const figuresOfCell = (cell: CellTuple): Figures => ({
  count: cell[3],
  faults: cell[4],
  errors: cell[5],
  requestBytes: cell[6],
  replyBytes: cell[7],
  histogram: histogramFromPairs(cell[8]),
});

/** (faults + errors) / all, in 0..1; null when nothing ended. */
export const faultShare = (figures: Pick<Figures, 'count' | 'faults' | 'errors'>): number | null =>
  figures.count === 0 ? null : (figures.faults + figures.errors) / figures.count;

/** The figures in the shape of the HTTP answers. */
export function shownFigures(figures: Figures) {
  const rounded = (share: number): number | null => {
    const micros = quantile(figures.histogram, share);
    return micros === null ? null : Math.round(micros);
  };
  return {
    count: figures.count,
    faults: figures.faults,
    errors: figures.errors,
    requestBytes: figures.requestBytes,
    replyBytes: figures.replyBytes,
    p50Micros: rounded(0.5),
    p95Micros: rounded(0.95),
    p99Micros: rounded(0.99),
  };
}

import { Counter, collectDefaultMetrics, Histogram, Registry } from 'prom-client';

/**
 * Counters and histograms in the Prometheus text format. What is counted is declared here, each with its labels' one name, so
 * that no request can make a new series. Process CPU, heap, collections and loop delay come with prom-client's own names.
 */
export interface Metrics {
  count(name: CounterName, label?: string, by?: number): void;
  /** Puts a time into a histogram. */
  observe(name: HistogramName, seconds: number): void;
  /** The text of /metrics, with what is read at this moment. */
  text(gauges: readonly Gauge[], counted?: readonly CountedHistogram[]): Promise<string>;
  readonly contentType: string;
}

export interface Gauge {
  readonly name: string;
  readonly help: string;
  readonly label: string | null;
  readonly values: readonly { readonly labelled?: string; readonly value: number }[];
  /** Rises for ever, as counted elsewhere. */
  readonly isCounter?: boolean;
}

/** A histogram that was counted elsewhere (in the store's threads), as it stands. */
export interface CountedHistogram {
  readonly name: string;
  readonly help: string;
  /** Upper bounds, rising; `counts` has one more: what was beyond the last. */
  readonly bounds: readonly number[];
  readonly counts: readonly number[];
  readonly sum: number;
}

const COUNTERS = {
  reports: { help: 'Reports by the status of the answer', label: 'result' },
  rows: { help: 'Rows of reports by what became of them', label: 'result' },
  refused_requests: { help: 'Requests refused before they reached a route', label: 'reason' },
  deltas: { help: 'Deltas made for viewers', label: null },
  snapshots: {
    help: 'Snapshots sent to viewers: at their start (watch), or because they fell behind',
    label: 'reason',
  },
  pings: { help: 'Pings by their result', label: 'result' },
  exports_begun: { help: 'Files begun to be sent; less those told by exports_total they are under way', label: null },
  exports: {
    help: 'Files by how they ended: whole, gone (their reader went), broken, refused (too many at a time)',
    label: 'result',
  },
  export_rows: { help: 'Rows of files that have ended', label: null },
  state_changes: { help: 'State changes recorded', label: 'state' },
} as const;

const HISTOGRAMS = {
  report_commit_seconds: 'From the first byte of a report taken to its durable commit',
  delta_delay_seconds: 'From a commit being told to its delta being on the way to the viewers',
} as const;

export type CounterName = keyof typeof COUNTERS;
export type HistogramName = keyof typeof HISTOGRAMS;

const SECONDS_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
/** Series of one counter, at most: beyond it a label is told as "other". */
const SERIES_MAX = 64;

export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const counters = new Map(
    Object.entries(COUNTERS).map(([name, { help, label }]) => {
      const labelNames = label === null ? [] : [label];
      const counter = new Counter({ name: `soa_monitor_${name}_total`, help, labelNames, registers: [registry] });
      return [name, { counter, label, seen: new Set<string>() }] as const;
    }),
  );
  const histograms = new Map(
    Object.entries(HISTOGRAMS).map(([name, help]) => {
      const settings = { name: `soa_monitor_${name}`, help, buckets: SECONDS_BUCKETS, registers: [registry] };
      return [name, new Histogram(settings)] as const;
    }),
  );
  return {
    contentType: registry.contentType,
    count(name, given = '', by = 1) {
      const known = counters.get(name);
      if (known === undefined) return;
      const { counter, label, seen } = known;
      if (label === null) return counter.inc(by);
      const value = seen.has(given) || seen.size < SERIES_MAX - 1 ? given : 'other';
      seen.add(value);
      counter.inc({ [label]: value }, by);
    },
    observe: (name, seconds) => histograms.get(name)?.observe(Math.max(0, seconds)),
    async text(gauges, counted = []) {
      const own = await registry.metrics();
      return `${[own.trimEnd(), ...gauges.map(gaugeText), ...counted.map(histogramText)].join('\n')}\n`;
    },
  };
}

function gaugeText({ name, help, label, values, isCounter = false }: Gauge): string {
  const full = `soa_monitor_${name}`;
  const series = values.map(({ labelled, value }) => `${full}${labels(label, labelled ?? '')} ${value}`);
  return [...head(full, help, isCounter ? 'counter' : 'gauge'), ...series].join('\n');
}

function histogramText({ name, help, bounds, counts, sum }: CountedHistogram): string {
  const full = `soa_monitor_${name}`;
  let upTo = 0;
  const buckets = counts.map((count, index) => {
    upTo += count;
    return `${full}_bucket{le="${bounds[index] ?? '+Inf'}"} ${upTo}`;
  });
  return [...head(full, help, 'histogram'), ...buckets, `${full}_sum ${sum}`, `${full}_count ${upTo}`].join('\n');
}

const head = (name: string, help: string, type: string): string[] => [
  `# HELP ${name} ${help}`,
  `# TYPE ${name} ${type}`,
];

const labels = (name: string | null, value: string): string =>
  name === null ? '' : `{${name}="${value.replace(/[\\"]/g, '\\$&').replace(/\n/g, '\\n')}"}`;

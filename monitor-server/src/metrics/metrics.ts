/**
 * Counters and gauges in the Prometheus text format. What is counted is declared here, each with its labels' one name, so
 * that no request can make a new series.
 */
export interface Metrics {
  count(name: CounterName, label?: string, by?: number): void;
  /** The text of /metrics, with gauges read at this moment. */
  text(gauges: readonly Gauge[]): string;
}

export interface Gauge {
  readonly name: string;
  readonly help: string;
  readonly label: string | null;
  readonly values: readonly { readonly labelled?: string; readonly value: number }[];
}

const COUNTERS = {
  reports: { help: 'Reports by how they were answered', label: 'result' },
  rows: { help: 'Rows of reports by what became of them', label: 'result' },
  refused_requests: { help: 'Requests refused before they reached a route', label: 'reason' },
  deltas: { help: 'Deltas made for viewers', label: null },
  snapshots: { help: 'Snapshots sent to viewers', label: 'reason' },
  pings: { help: 'Pings by their result', label: 'result' },
  state_changes: { help: 'State changes recorded', label: 'state' },
  commit_microseconds: { help: 'Time from a decoded report to its commit, summed', label: null },
  commits: { help: 'Reports committed', label: null },
} as const;

export type CounterName = keyof typeof COUNTERS;

export function createMetrics(): Metrics {
  const values = new Map<CounterName, Map<string, number>>();
  return {
    count(name, label = '', by = 1) {
      const series = values.get(name) ?? new Map<string, number>();
      series.set(label, (series.get(label) ?? 0) + by);
      values.set(name, series);
    },
    text(gauges) {
      const lines: string[] = [];
      for (const [name, { help, label }] of Object.entries(COUNTERS)) {
        const full = `soa_monitor_${name}_total`;
        lines.push(`# HELP ${full} ${help}`, `# TYPE ${full} counter`);
        const series = [...values].find(([counter]) => counter === name)?.[1] ?? new Map<string, number>();
        if (series.size === 0 && label === null) lines.push(`${full} 0`);
        for (const [labelled, value] of series) lines.push(`${full}${labels(label, labelled)} ${value}`);
      }
      for (const gauge of gauges) {
        const full = `soa_monitor_${gauge.name}`;
        lines.push(`# HELP ${full} ${gauge.help}`, `# TYPE ${full} gauge`);
        for (const { labelled, value } of gauge.values) {
          lines.push(`${full}${labels(gauge.label, labelled ?? '')} ${value}`);
        }
      }
      return `${lines.join('\n')}\n`;
    },
  };
}

const labels = (name: string | null, value: string): string =>
  name === null ? '' : `{${name}="${value.replace(/[\\"]/g, '\\$&').replace(/\n/g, '\\n')}"}`;

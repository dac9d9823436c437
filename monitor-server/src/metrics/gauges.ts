import type { Accounting } from '@soa-monitor/protocol';
import type { OtlpCounts } from '../otlp/otlp.ts';
import type { StoreCounts } from '../store/store.ts';
import type { DiskUsage } from './disk-usage.ts';
import type { CountedHistogram, Gauge } from './metrics.ts';

/** Reporters name their reasons for dropping: those of our interceptors have a series of their own, the rest share one. */
const DROP_REASONS = ['queueFull', 'tooManyInFlight', 'unanswered', 'spoolFull', 'spoolDamaged'];

export function accountingGauges({ reporters: _named, droppedByReason, ...sums }: Accounting): readonly Gauge[] {
  const { observed, acknowledged, refused, inTransit, queued, dropped, stored, expired, difference, gaps } = sums;
  const reasons = new Map<string, number>(DROP_REASONS.map((reason) => [reason, 0]));
  for (const [reason, count] of Object.entries(droppedByReason)) {
    const named = DROP_REASONS.includes(reason) ? reason : 'other';
    reasons.set(named, (reasons.get(named) ?? 0) + count);
  }
  return [
    {
      name: 'accounting_rows',
      help: 'The accounting of rows over all reporters: observed = acknowledged + refused + inTransit + queued + dropped',
      label: 'kind',
      values: labelled({
        observed,
        acknowledged,
        refused,
        inTransit,
        queued,
        dropped,
        stored,
        expired,
        difference,
        gaps,
      }),
    },
    {
      name: 'dropped_rows',
      help: 'Rows that interceptors gave up, by why',
      label: 'reason',
      values: labelled(Object.fromEntries(reasons)),
    },
    plain(
      'unaccounted_rows',
      'Rows that are missing and nobody said why: anything but 0 is an alarm',
      difference + gaps,
    ),
  ];
}

export const diskGauges = ({ database, log, free }: DiskUsage): readonly Gauge[] => [
  plain('database_bytes', 'Size of the database file', database),
  plain('database_log_bytes', 'Size of the write-ahead log beside it', log),
  plain('disk_free_bytes', 'Room left on the file system of the data folder', free),
];

export const storeGauges = (counts: StoreCounts): readonly Gauge[] => [
  plain('waiting_exchanges', 'Exchanges not shown yet: they wait for their other half or their parent', counts.waiting),
  plain('joinable_exchanges', 'One-sided exchanges that a late half may still join', counts.joinable),
  plain('held_exchanges', 'Exchanges in the memory of the writer', counts.inMemory),
  total('evicted_exchanges_total', 'Shown or let go before their time because too many waited', counts.evicted),
  total('folded_names_total', 'Times that a name was told as "(other)" because there are too many', counts.foldedNames),
  plain(
    'closed_gaps',
    'Gaps in the row numbers of reporters that were closed because there were too many',
    counts.closedGaps,
  ),
  total('commits_total', 'Commits of the database since it was made that changed what is shown', counts.commits),
];

/** Spans out. An exchange is one or two of them. */
export const otlpGauges = (counts: OtlpCounts): readonly Gauge[] => [
  {
    name: 'otlp_exchanges_total',
    help: 'Exchanges by what became of their spans: sent, failed (refused as bad), dropped (too old, or too many waited)',
    label: 'result',
    values: labelled({ sent: counts.sent, failed: counts.failed, dropped: counts.dropped }),
    isCounter: true,
  },
  total('otlp_spans_total', 'Spans sent', counts.spans),
  total('otlp_retries_total', 'Times that a batch of spans had to be kept for later', counts.retries),
  plain('otlp_waiting_exchanges', 'Exchanges looked at again before their spans go out', counts.waiting),
  plain(
    'otlp_lag_seconds',
    'How long ago the oldest exchange began whose spans should be out',
    counts.lagMicros / 1_000_000,
  ),
];

/** What the writer's thread measured. */
export const commitHistograms = ({ commitTimes }: StoreCounts): readonly CountedHistogram[] => [
  {
    name: 'commit_seconds',
    help: 'A transaction of the writer, from BEGIN until it is on the disk',
    ...commitTimes.seconds,
  },
  {
    name: 'commit_requests',
    help: 'Requests (reports, settlings) that one transaction did together',
    ...commitTimes.requests,
  },
];

export const plain = (name: string, help: string, value: number): Gauge => ({
  ...{ name, help },
  label: null,
  values: [{ value }],
});
const total = (name: string, help: string, value: number): Gauge => ({ ...plain(name, help, value), isCounter: true });

const labelled = (counts: Readonly<Record<string, number>>): Gauge['values'] =>
  Object.entries(counts).map(([label, value]) => ({ labelled: label, value }));

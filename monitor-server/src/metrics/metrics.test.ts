import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { serverRow, wireReport } from '../testing/reports.ts';
import { startServer } from '../testing/start-server.ts';
import { temporaryStore } from '../testing/temporary-store.ts';
import { createMetrics } from './metrics.ts';

let temporary: Awaited<ReturnType<typeof temporaryStore>>;
let running: Awaited<ReturnType<typeof startServer>>;
beforeEach(async () => {
  temporary = await temporaryStore();
  running = await startServer(
    temporary.store,
    {},
    { diskUsage: async () => ({ database: 5, log: 6, free: 7 }), otlpCounts: () => OTLP_COUNTS },
  );
});
afterEach(async () => {
  await running.server.close();
  await temporary.remove();
});

const OTLP_COUNTS = { sent: 9, spans: 15, failed: 2, dropped: 3, retries: 4, waiting: 1, lagMicros: 1_500_000 };
const scrape = async (): Promise<string> => (await fetch(`${running.url}/metrics`)).text();
const rows = (count: number) =>
  JSON.stringify(wireReport({ rows: Array.from({ length: count }, (_, i) => serverRow(i, Date.now() * 1_000)) }));

describe('/metrics', () => {
  test('tells ingest, queue, commits, lag, accounting, disk, viewers, files, spans and the process', async () => {
    await running.send(rows(30));
    await running.send('{');
    await (await fetch(`${running.url}/api/v1/export?format=ndjson`)).text();
    const text = await scrape();
    for (const line of [
      'soa_monitor_reports_total{result="202"} 1',
      'soa_monitor_reports_total{result="400"} 1',
      'soa_monitor_rows_total{result="acknowledged"} 30',
      'soa_monitor_accounting_rows{kind="stored"} 30',
      'soa_monitor_accounting_rows{kind="difference"} 0',
      'soa_monitor_unaccounted_rows 0',
      'soa_monitor_dropped_rows{reason="queueFull"} 0',
      'soa_monitor_report_commit_seconds_count 1',
      'soa_monitor_work_rows 0',
      'soa_monitor_store_answers 1',
      'soa_monitor_database_bytes 5',
      'soa_monitor_database_log_bytes 6',
      'soa_monitor_disk_free_bytes 7',
      'soa_monitor_viewers 0',
      'soa_monitor_slow_viewers 0',
      'soa_monitor_folded_names_total 0',
      'soa_monitor_evicted_exchanges_total 0',
      'soa_monitor_exports_begun_total 1',
      'soa_monitor_exports_total{result="whole"} 1',
      'soa_monitor_export_rows_total 0',
      'soa_monitor_otlp_exchanges_total{result="sent"} 9',
      'soa_monitor_otlp_exchanges_total{result="failed"} 2',
      'soa_monitor_otlp_exchanges_total{result="dropped"} 3',
      'soa_monitor_otlp_spans_total 15',
      'soa_monitor_otlp_retries_total 4',
      'soa_monitor_otlp_waiting_exchanges 1',
      'soa_monitor_otlp_lag_seconds 1.5',
    ])
      expect(text.split('\n')).toContain(line);
    expect(text).toMatch(/^soa_monitor_commit_seconds_bucket\{le="\+Inf"\} [1-9]/m);
    expect(text).toMatch(/^soa_monitor_commit_requests_count [1-9]/m);
    expect(text).toMatch(/^process_cpu_seconds_total /m);
    expect(text).toMatch(/^nodejs_heap_size_used_bytes /m);
    expect(text).toMatch(/^nodejs_eventloop_lag_p99_seconds /m);
  });

  test('keeps the rules for names: a help, a type, base units, _total for what only rises', async () => {
    await running.send(rows(3));
    expect(findings(await scrape())).toEqual([]);
    // What the rules are there to find.
    expect(findings('# HELP soa_x_millis \n# TYPE soa_x_millis counter\nsoa_x_millis 1\nlost 2\n')).toEqual([
      'soa_x_millis has no help',
      'soa_x_millis is not in a base unit',
      'soa_x_millis only rises and is not named _total',
      'lost has no type',
    ]);
  });

  test('has no more series after requests that nobody made up before', async () => {
    await running.send(rows(3));
    await fetch(`${running.url}/metrics`);
    const before = seriesOf(await scrape());
    for (let i = 0; i < 20; i++) {
      const dropped = { [`reason${i}`]: 1 };
      const counters = { ...wireReport().counters, observed: 1, inTransit: 0, dropped };
      await running.send(
        JSON.stringify(wireReport({ reporter: `reporter-000000000${10 + i}`, name: `n${i}`, counters })),
      );
    }
    // Node's own (kinds of collections and handles) come as it goes, and nobody outside names them.
    const after = seriesOf(await scrape()).filter((series) => series.startsWith('soa_monitor_'));
    expect(after.filter((series) => !before.includes(series))).toEqual(['soa_monitor_dropped_rows{reason="other"}']);
  });

  test('has a bound for each counter', async () => {
    const metrics = createMetrics();
    for (let i = 0; i < 500; i++) metrics.count('pings', `kind${i}`);
    const series = seriesOf(await metrics.text([])).filter((name) => name.startsWith('soa_monitor_pings_total'));
    expect(series).toHaveLength(64);
    expect(series).toContain('soa_monitor_pings_total{result="other"}');
  });

  test('tells the rest while the store does not answer', async () => {
    const { store } = temporary;
    const stuck = await startServer({ ...store, accounting: () => Promise.reject(new Error('disk I/O error')) });
    const text = await (await fetch(`${stuck.url}/metrics`)).text();
    await stuck.server.close();
    expect(text).toContain('soa_monitor_store_answers 0\n');
    expect(text).not.toContain('soa_monitor_accounting_rows');
    expect(text).toContain('soa_monitor_busy 0\n');
  });
});

const seriesOf = (text: string): string[] =>
  text
    .split('\n')
    .flatMap((line) => (line === '' || line.startsWith('#') ? [] : [line.slice(0, line.lastIndexOf(' '))]));

/** A small promtool check: what Prometheus' naming rules ask of our own names. */
function findings(text: string): string[] {
  const found: string[] = [];
  const types = new Map<string, string>();
  for (const line of text.split('\n')) {
    const [, kind, name = '', rest = ''] = /^# (HELP|TYPE) (\S+) ?(.*)$/.exec(line) ?? [];
    if (kind === 'HELP' && rest === '') found.push(`${name} has no help`);
    if (kind === 'TYPE') {
      types.set(name, rest);
      if (/(micros|millis|microseconds|milliseconds|_ms|kib|mib|minutes|percent)(_total)?$/.test(name))
        found.push(`${name} is not in a base unit`);
      if (rest === 'counter' && !name.endsWith('_total')) found.push(`${name} only rises and is not named _total`);
      if (rest !== 'counter' && name.endsWith('_total') && name.startsWith('soa_monitor_'))
        found.push(`${name} is named _total and may fall`);
    }
    if (line === '' || line.startsWith('#')) continue;
    const series = /^([a-z_:][a-z0-9_:]*)(\{[a-z_]+="[^"]*"(,[a-z_]+="[^"]*")*\})? (-?[\d.e+-]+|NaN)$/i.exec(line);
    if (series === null) found.push(`"${line}" is no series`);
    else if (!types.has(series[1] ?? '') && !types.has((series[1] ?? '').replace(/_(bucket|sum|count)$/, '')))
      found.push(`${series[1]} has no type`);
  }
  return found;
}

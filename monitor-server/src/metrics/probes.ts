import { Router } from 'express';
import type { Clock } from '../clock.ts';
import type { OtlpCounts } from '../otlp/otlp.ts';
import { problem, sendProblem } from '../problem/problem.ts';
import type { CountingStore, Store } from '../store/store.ts';
import type { DiskUsage } from './disk-usage.ts';
import { accountingGauges, commitHistograms, diskGauges, otlpGauges, plain, storeGauges } from './gauges.ts';
import type { Metrics } from './metrics.ts';

/** A scrape tells what it has by then: a store that is stuck must not take the other figures away. */
const STORE_MILLIS = 2_000;

/** /healthz (the process answers), /readyz (it takes reports) and /metrics. */
export function createProbes(parts: {
  readonly store: Pick<Store, 'accounting' | 'isBusy'> & Partial<Pick<CountingStore, 'counts' | 'rowsInWork'>>;
  readonly clock: Clock;
  readonly metrics: Metrics;
  readonly live: { viewers(): number; slowViewers(): number };
  /** Why reports cannot be stored just now; null: they can. */
  readonly trouble: () => string | null;
  readonly diskUsage: (() => Promise<DiskUsage>) | null;
  /** Null: no spans go out. */
  readonly otlpCounts: (() => OtlpCounts) | null;
}): { readonly router: Router; ready(isReady: boolean): void } {
  const { store, clock, metrics, live, trouble, diskUsage, otlpCounts } = parts;
  const router = Router({ caseSensitive: true, strict: true });
  let isReady = false;

  const inTime = <Answer>(answer: Promise<Answer> | undefined): Promise<Answer | null> =>
    new Promise((resolve) => {
      const cancel = clock.after(STORE_MILLIS, () => resolve(null));
      Promise.resolve(answer)
        .then(
          (value) => resolve(value ?? null),
          () => resolve(null),
        )
        .finally(cancel);
    });

  router.get('/healthz', (_request, response) => {
    response.setHeader('Cache-Control', 'no-store');
    response.type('text/plain').send('ok\n');
  });
  router.get('/readyz', (_request, response) => {
    const reason = !isReady ? 'the server is starting or stopping' : store.isBusy() ? 'the store is busy' : trouble();
    if (reason !== null) return sendProblem(response, problem(503, 'not-ready', reason), { 'Retry-After': '1' });
    response.setHeader('Cache-Control', 'no-store');
    response.type('text/plain').send('ready\n');
  });
  router.get('/metrics', async (_request, response) => {
    const [accounting, counts, disk] = await Promise.all([
      inTime(store.accounting(clock.now())),
      inTime(store.counts?.()),
      inTime(diskUsage?.()),
    ]);
    const answers = accounting !== null && (store.counts === undefined || counts !== null);
    const gauges = [
      plain('viewers', 'Viewers connected', live.viewers()),
      plain('slow_viewers', 'Viewers whose line is full at this moment', live.slowViewers()),
      plain('busy', '1 while reports are asked to come later', Number(store.isBusy())),
      plain('work_rows', 'Rows handed to the writer and not committed yet', store.rowsInWork?.() ?? 0),
      plain('store_answers', '0 while the store does not answer: its figures are then missing here', Number(answers)),
      ...(accounting === null ? [] : accountingGauges(accounting)),
      ...(counts === null ? [] : storeGauges(counts)),
      ...(disk === null ? [] : diskGauges(disk)),
      ...(otlpCounts === null ? [] : otlpGauges(otlpCounts())),
    ];
    const text = await metrics.text(gauges, counts === null ? [] : commitHistograms(counts));
    response.setHeader('Cache-Control', 'no-store');
    response.setHeader('Content-Type', metrics.contentType);
    response.end(text);
  });
  for (const path of ['/healthz', '/readyz', '/metrics']) {
    router.all(path, (_request, response) => {
      sendProblem(response, problem(405, 'method', 'this takes GET, HEAD'), { Allow: 'GET, HEAD' });
    });
  }
  return {
    router,
    ready(now) {
      isReady = now;
    },
  };
}

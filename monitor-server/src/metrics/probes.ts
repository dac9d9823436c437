import { Router } from 'express';
import type { Clock } from '../clock.ts';
import { problem, sendProblem } from '../problem/problem.ts';
import type { Store } from '../store/store.ts';
import type { Metrics } from './metrics.ts';

/** /healthz (the process answers), /readyz (it takes reports) and /metrics. */
export function createProbes(parts: {
  readonly store: Pick<Store, 'accounting' | 'isBusy'>;
  readonly clock: Clock;
  readonly metrics: Metrics;
  readonly viewers: () => number;
}): { readonly router: Router; ready(isReady: boolean): void } {
  const { store, clock, metrics, viewers } = parts;
  const router = Router({ caseSensitive: true, strict: true });
  let isReady = false;

  router.get('/healthz', (_request, response) => {
    response.setHeader('Cache-Control', 'no-store');
    response.type('text/plain').send('ok\n');
  });
  router.get('/readyz', (_request, response) => {
    const reason = !isReady ? 'the server is starting or stopping' : store.isBusy() ? 'the store is busy' : null;
    if (reason !== null) return sendProblem(response, problem(503, 'not-ready', reason), { 'Retry-After': '1' });
    response.setHeader('Cache-Control', 'no-store');
    response.type('text/plain').send('ready\n');
  });
  router.get('/metrics', async (_request, response) => {
    const { reporters: _reporters, droppedByReason, ...sums } = await store.accounting(clock.now());
    const labelled = (counts: Readonly<Record<string, number>>) =>
      Object.entries(counts).map(([label, value]) => ({ labelled: label, value }));
    const text = metrics.text([
      { name: 'viewers', help: 'Viewers connected', label: null, values: [{ value: viewers() }] },
      {
        name: 'busy',
        help: '1 while reports are asked to come later',
        label: null,
        values: [{ value: Number(store.isBusy()) }],
      },
      {
        name: 'accounting_rows',
        help: 'The accounting of rows over all reporters',
        label: 'kind',
        values: labelled(sums),
      },
      {
        name: 'dropped_rows',
        help: 'Rows that interceptors dropped',
        label: 'reason',
        values: labelled(droppedByReason),
      },
      {
        name: 'resident_bytes',
        help: 'Memory of the process',
        label: null,
        values: [{ value: process.memoryUsage.rss() }],
      },
    ]);
    response.setHeader('Cache-Control', 'no-store');
    response.type('text/plain; version=0.0.4; charset=utf-8').send(text);
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

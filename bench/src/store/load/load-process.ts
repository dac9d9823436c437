import { io, type Socket } from 'socket.io-client';
import { serveParent } from '../../child.ts';
import type { LoadWish, Prepared, Watching } from './load-wish.ts';
import { type PreparedReport, prepareReport } from './prepared-report.ts';
import { createReportSource, type ReportSource } from './report-source.ts';
import { sendReports } from './send-reports.ts';

/** The load, in a process of its own: reports are made and compressed before they are sent, so that sending costs little. */
const SEED = 20_261_122;
const runs = new Map<string, Run>();
let viewers: Socket[] = [];
let deltas = 0;

interface Run {
  readonly source: ReportSource;
  full: readonly PreparedReport[];
  rest: readonly PreparedReport[];
  /** Up to which its stamps have gone, epoch µs. */
  until: number;
}

function prepare(wish: Extract<LoadWish, { kind: 'prepare' }>): Prepared {
  const run = runs.get(wish.run) ?? { source: createReportSource(SEED, wish.run), full: [], rest: [], until: 0 };
  runs.set(wish.run, run);
  const { observations, rowsPerReport, observationsPerSecond } = wish;
  const before = run.source.observations();
  const from = Math.max(Date.now() * 1_000, run.until);
  const texts = run.source.reports({ observations, rowsPerReport, from, observationsPerSecond });
  run.full = texts.full.map(prepareReport);
  run.rest = texts.rest.map(prepareReport);
  run.until = from + Math.round(((run.source.observations() - before) / observationsPerSecond) * 1_000_000);
  const sum = (reports: readonly PreparedReport[], of: 'rows' | 'bytes'): number =>
    reports.reduce((all, report) => all + report[of], 0);
  return {
    observations: run.source.observations() - before,
    inFull: sum(run.full, 'rows'),
    wireBytes: sum(run.full, 'bytes'),
    exchangesInAll: run.source.exchanges(),
    observationsInAll: run.source.observations(),
  };
}

async function watch(url: string, count: number): Promise<Watching> {
  for (let number = viewers.length; number < count; number++) {
    const viewer = io(`${url}/live`, { transports: ['websocket'], forceNew: true });
    viewer.on('connect', () => viewer.emit('watch', {}));
    viewer.on('delta', () => deltas++);
    viewers.push(viewer);
    await new Promise<void>((resolve, reject) => {
      viewer.once('snapshot', () => resolve());
      viewer.once('connect_error', reject);
    });
  }
  return { viewers: viewers.length, deltas };
}

serveParent(async (question) => {
  const wish = question as LoadWish;
  switch (wish.kind) {
    case 'prepare':
      return prepare(wish);
    case 'send':
      return sendReports(runs.get(wish.run)?.[wish.part] ?? [], wish);
    case 'watch':
      return watch(wish.url, wish.viewers);
    case 'unwatch':
      for (const viewer of viewers) viewer.disconnect();
      viewers = [];
      return null;
  }
});

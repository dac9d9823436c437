import { gzipSync } from 'node:zlib';
import type { Window } from '@soa-monitor/protocol';
import Database from 'better-sqlite3';
import { startChild } from '../../child.ts';
import { print } from '../../figure.ts';
import { quantile } from '../../statistics.ts';
import { startMonitor } from '../measured/start-measured.ts';
import { type Dataset, dataset } from '../queries/dataset.ts';
import { rawPath } from '../queries/raw-rows.ts';
import { createFetcher } from './fetched.ts';
import { COLUMNAR, readPage } from './read-page.ts';

const BENCH = 'replay';
const MESSAGES = 1_000_000;
const PAGE = 20_000;
const ROUNDS = 3;
/** No further round is begun after so long. */
const MILLIS_MAX = 45_000;

interface Taken {
  readonly millis: number;
  readonly bytes: number;
  readonly form: string;
  readonly exchanges: number;
}

type Fetcher = ReturnType<typeof createFetcher>;

/** A window of a million messages over HTTP, read to its end, beside the same rows as JSON objects (docs/performance.md). */
export async function replayBench(observations: number): Promise<void> {
  const day = await dataset(observations);
  const { window, messages } = windowOf(day);
  const server = await startMonitor({ folder: day.data });
  const rows = await startChild(new URL('./rows-process.js', import.meta.url), [rawPath(day.folder)]);
  const fetcher = createFetcher();
  try {
    const port = await rows.ask<number>('port');
    const ours: Taken[] = [];
    const theirs: Taken[] = [];
    const until = performance.now() + MILLIS_MAX;
    for (let round = 0; round < ROUNDS && performance.now() < until; round++) {
      ours.push(await takeReplay(fetcher, server.url, window));
      theirs.push(await takeRows(fetcher, port, window));
    }
    tell(ours, theirs, messages, await zippedShare(fetcher, port, window));
  } finally {
    fetcher.close();
    await rows.stop();
    await server.stop();
  }
}

function tell(ours: readonly Taken[], theirs: readonly Taken[], messages: number, zipped: number): void {
  const millis = (all: readonly Taken[]): number =>
    quantile(
      all.map((one) => one.millis),
      0.5,
    );
  const bytes = (all: readonly Taken[]): number => all[0]?.bytes ?? Number.NaN;
  const form = ours[0]?.form ?? '';
  const peer = 'rows of the same window as JSON objects, from plain SQLite';
  const figure = (name: string, value: number, unit: string, must: number | null, goal: number | null): void =>
    print({
      ...{ bench: BENCH, figure: `${name} (${form})`, value: Number(value.toPrecision(4)), unit },
      ...{ peer: unit === '×' ? peer : null, must, goal, holds: must === null ? null : value >= must },
    });
  figure(`replay of ${messages} messages`, millis(ours) / 1_000, 's', null, null);
  figure('bytes a message on the wire', bytes(ours) / messages, 'B', null, null);
  figure('faster than JSON rows', millis(theirs) / millis(ours), '×', 4, 6);
  figure('fewer bytes than JSON rows', bytes(theirs) / bytes(ours), '×', 30, 50);
  figure('fewer bytes than JSON rows under gzip', (bytes(theirs) * zipped) / bytes(ours), '×', null, null);
  process.stderr.write(
    `${BENCH}: JSON rows ${millis(theirs).toFixed(0)} ms, ${(bytes(theirs) / messages).toFixed(1)} B a message; ${ours[0]?.exchanges} exchanges told\n`,
  );
}

/** The window from the day's beginning that holds so many messages: two to an observation. */
function windowOf(day: Dataset): { readonly window: Window; readonly messages: number } {
  const database = new Database(rawPath(day.folder), { readonly: true });
  const wanted = Math.min(MESSAGES / 2, day.observations - 1);
  const last = database
    .prepare<[number], { time: number }>('SELECT time FROM observation ORDER BY time, seq LIMIT 1 OFFSET ?')
    .get(wanted);
  database.close();
  return { window: { from: day.from, to: last?.time ?? day.to }, messages: wanted * 2 };
}

async function takeReplay(fetcher: Fetcher, url: string, { from, to }: Window): Promise<Taken> {
  const startedAt = performance.now();
  let [bytes, exchanges, form] = [0, 0, ''];
  let cursor: string | null = null;
  do {
    const next: string = cursor === null ? '' : `&cursor=${cursor}`;
    const path = `/api/v1/replay?from=${from}&to=${to}&limit=${PAGE}${next}`;
    const fetched = await fetcher.get(`${url}${path}`, `${COLUMNAR}, application/json;q=0.5`);
    const page = readPage(fetched);
    bytes += fetched.wireBytes;
    exchanges += page.exchanges;
    form = fetched.mediaType;
    cursor = page.cursor;
  } while (cursor !== null);
  return { millis: performance.now() - startedAt, bytes, form, exchanges };
}

interface RowsPage {
  readonly rows: readonly unknown[];
  readonly cursor: { readonly time: number; readonly seq: number } | null;
}

const rowsUrl = (port: number, { from, to }: Window, { time, seq }: { time: number; seq: number }): string =>
  `http://127.0.0.1:${port}/?from=${from}&to=${to}&time=${time}&seq=${seq}`;

async function takeRows(fetcher: Fetcher, port: number, window: Window): Promise<Taken> {
  const startedAt = performance.now();
  let bytes = 0;
  let after: RowsPage['cursor'] = { time: 0, seq: -1 };
  while (after !== null) {
    const { wireBytes, body } = await fetcher.get(rowsUrl(port, window, after), 'application/json');
    bytes += wireBytes;
    const page: RowsPage = JSON.parse(body.toString('utf8'));
    after = page.cursor;
  }
  return { millis: performance.now() - startedAt, bytes, form: 'application/json', exchanges: 0 };
}

/** What gzip at its lowest level leaves of a page of rows, as a share. */
async function zippedShare(fetcher: Fetcher, port: number, window: Window): Promise<number> {
  const { body } = await fetcher.get(rowsUrl(port, window, { time: 0, seq: -1 }), 'application/json');
  return gzipSync(body, { level: 1 }).byteLength / body.byteLength;
}

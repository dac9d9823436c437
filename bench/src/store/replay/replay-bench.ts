import type { Replay, Window } from '@soa-monitor/protocol';
import Database from 'better-sqlite3';
import { startChild } from '../../child.ts';
import { print } from '../../figure.ts';
import { quantile } from '../../statistics.ts';
import { startMonitor } from '../measured/start-measured.ts';
import { type Dataset, dataset } from '../queries/dataset.ts';
import { rawPath } from '../queries/raw-rows.ts';

const BENCH = 'replay';
const MESSAGES = 1_000_000;
const PAGE = 20_000;
const ROUNDS = 3;
/** No further round is begun after so long. */
const MILLIS_MAX = 45_000;
/** The form that is asked for; a server that does not know it answers JSON. */
const COLUMNAR = 'application/vnd.soa-monitor.replay';

interface Fetched {
  readonly millis: number;
  readonly bytes: number;
  readonly form: string;
  readonly exchanges: number | null;
}

/** A window of a million messages over HTTP, beside the same rows as JSON from plain SQLite (docs/performance.md). */
export async function replayBench(observations: number): Promise<void> {
  const day = await dataset(observations);
  const { window, messages } = windowOf(day);
  const server = await startMonitor({ folder: day.data });
  const rows = await startChild(new URL('./rows-process.js', import.meta.url), [rawPath(day.folder)]);
  try {
    const port = await rows.ask<number>('port');
    const ours: Fetched[] = [];
    const theirs: Fetched[] = [];
    const until = performance.now() + MILLIS_MAX;
    for (let round = 0; round < ROUNDS && performance.now() < until; round++) {
      ours.push(await fetchReplay(server.url, window));
      theirs.push(await fetchRows(port, window));
    }
    tell(ours, theirs, messages);
  } finally {
    await rows.stop();
    await server.stop();
  }
}

function tell(ours: readonly Fetched[], theirs: readonly Fetched[], messages: number): void {
  const millis = (all: readonly Fetched[]): number =>
    quantile(
      all.map((one) => one.millis),
      0.5,
    );
  const bytes = (all: readonly Fetched[]): number => all[0]?.bytes ?? Number.NaN;
  const form = ours[0]?.form ?? '';
  const peer = 'rows of the same window as JSON objects, from plain SQLite';
  const figure = (name: string, value: number, unit: string, must: number | null, goal: number | null): void =>
    print({
      ...{ bench: BENCH, figure: `${name} (${form})`, value: Number(value.toPrecision(4)), unit },
      ...{ peer: must === null ? null : peer, must, goal, holds: must === null ? null : value >= must },
    });
  figure(`replay of ${messages} messages`, millis(ours) / 1_000, 's', null, null);
  figure('bytes a message', bytes(ours) / messages, 'B', null, null);
  figure('faster than JSON rows', millis(theirs) / millis(ours), '×', 4, 6);
  figure('fewer bytes than JSON rows', bytes(theirs) / bytes(ours), '×', 30, 50);
  process.stderr.write(
    `${BENCH}: JSON rows ${millis(theirs).toFixed(0)} ms, ${(bytes(theirs) / messages).toFixed(1)} B a message; exchanges told ${ours[0]?.exchanges ?? 'not counted'}\n`,
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

/** Pages until there is no more. The cursor of the columnar form stands in a header, of the JSON form in the page. */
async function fetchReplay(url: string, { from, to }: Window): Promise<Fetched> {
  const startedAt = performance.now();
  const seen = { bytes: 0, form: '', exchanges: 0 };
  let cursor: string | null = null;
  do {
    const next: string = cursor === null ? '' : `&cursor=${cursor}`;
    const answer = await fetch(`${url}/api/v1/replay?from=${from}&to=${to}&limit=${PAGE}${next}`, {
      headers: { Accept: `${COLUMNAR}, application/json;q=0.5` },
    });
    if (!answer.ok) throw new Error(`${answer.status}: ${await answer.text()}`);
    const body = Buffer.from(await answer.arrayBuffer());
    seen.bytes += body.byteLength;
    seen.form = (answer.headers.get('content-type') ?? '').split(';', 1)[0] ?? '';
    if (seen.form === COLUMNAR) {
      cursor = answer.headers.get(CURSOR_HEADER);
    } else {
      const page: Replay = JSON.parse(body.toString('utf8'));
      cursor = page.cursor;
      seen.exchanges += page.feed.exchanges.length;
    }
  } while (cursor !== null);
  const exchanges = seen.form === COLUMNAR ? null : seen.exchanges;
  return { millis: performance.now() - startedAt, bytes: seen.bytes, form: seen.form, exchanges };
}

const CURSOR_HEADER = 'x-soa-monitor-cursor';

async function fetchRows(port: number, { from, to }: Window): Promise<Fetched> {
  const startedAt = performance.now();
  let bytes = 0;
  let after: { readonly time: number; readonly seq: number } | null = { time: 0, seq: -1 };
  while (after !== null) {
    const search: string = `from=${from}&to=${to}&time=${after.time}&seq=${after.seq}`;
    const answer = await fetch(`http://127.0.0.1:${port}/?${search}`);
    const body = Buffer.from(await answer.arrayBuffer());
    bytes += body.byteLength;
    const page: { cursor: { time: number; seq: number } | null } = JSON.parse(body.toString('utf8'));
    after = page.cursor;
  }
  return { millis: performance.now() - startedAt, bytes, form: 'application/json', exchanges: null };
}

import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeReport } from '@soa-monitor/protocol';
import { openStore } from '@soa-monitor/server';
import Database from 'better-sqlite3';
import type { Half } from '../load/halves.ts';
import { createReportSource, type ReportSource, type ReportsWish } from '../load/report-source.ts';
import type { ReportText } from '../load/reporter.ts';
import { createRawRows } from './raw-rows.ts';

/** A day of observations, in the product's store and as plain rows, kept between runs in the system's temporary folder. */
export interface Dataset {
  readonly folder: string;
  /** The product's data folder: `monitor.sqlite` lies in it. */
  readonly data: string;
  readonly from: number;
  readonly to: number;
  readonly observations: number;
  readonly exchanges: number;
  /** Everything that the product keeps, after a checkpoint. */
  readonly storeBytes: number;
  readonly wasKept: boolean;
  /** CPU of the store for each tenth of the observations, µs each. */
  readonly costs: readonly { readonly stored: number; readonly cpuMicros: number; readonly wallMicros: number }[];
}

export const DATASET_SEED = 41;
const DAY_MICROS = 24 * 3_600_000_000;
const HOUR_MICROS = 3_600_000_000;
/** Reports come so often, by their own clock; a late half comes with the next ones. */
const STEP_MICROS = 25_000_000;
const WAIT_MICROS = 2_040_000;
const SILENT_MICROS = 60_000_000;
const LATE_SHARE = 0.05;
const ROWS_PER_REPORT = 5_000;
const TENTHS = 10;

export async function dataset(observations: number): Promise<Dataset> {
  const schema = await schemaOfStore();
  const key = createHash('sha256').update(`${schema} ${DATASET_SEED} ${observations} 1`).digest('hex').slice(0, 16);
  const folder = join(tmpdir(), `soa-monitor-dataset-${key}`);
  const facts = join(folder, 'dataset.json');
  if (existsSync(facts))
    return { ...JSON.parse(readFileSync(facts, 'utf8')), folder, data: join(folder, 'data'), wasKept: true };
  const making = `${folder}-making`;
  rmSync(making, { recursive: true, force: true });
  mkdirSync(join(making, 'data'), { recursive: true });
  const built = await build(making, observations);
  writeFileSync(join(making, 'dataset.json'), JSON.stringify(built));
  rmSync(folder, { recursive: true, force: true });
  renameSync(making, folder);
  return { ...built, folder, data: join(folder, 'data'), wasKept: false };
}

async function build(folder: string, wanted: number) {
  const to = Math.floor((Date.now() * 1_000) / HOUR_MICROS) * HOUR_MICROS;
  const from = to - DAY_MICROS;
  const path = join(folder, 'data', 'monitor.sqlite');
  const store = await openStore({ path, clock: () => from });
  const source = createReportSource(DATASET_SEED, 'dataset');
  const raw = createRawRows(folder);
  const costs: { stored: number; cpuMicros: number; wallMicros: number }[] = [];
  let tenth = { cpuMicros: 0, wallMicros: 0, from: 0 };
  const observationsPerSecond = (wanted / DAY_MICROS) * 1_000_000;
  for (let at = from; at < to; at += STEP_MICROS) {
    const due = Math.round(((at + STEP_MICROS - from) / DAY_MICROS) * wanted);
    const texts = reportsOf(
      source,
      { from: at, observations: due - source.observations(), observationsPerSecond },
      at + 2 * STEP_MICROS < to,
      raw.add,
    );
    const receivedAt = at + STEP_MICROS;
    const reports = texts.map((text) => decoded(text, receivedAt));
    const cpuBefore = process.cpuUsage();
    const startedAt = performance.now();
    await Promise.all(
      reports.map((report, index) => {
        const service = source.estate.services[texts[index]?.service ?? 0];
        return store.append(report, { receivedAt, remoteAddress: service?.address ?? '' });
      }),
    );
    await store.settle(receivedAt + WAIT_MICROS + 1, WAIT_MICROS, SILENT_MICROS);
    const { user, system } = process.cpuUsage(cpuBefore);
    tenth.cpuMicros += user + system;
    tenth.wallMicros += (performance.now() - startedAt) * 1_000;
    raw.flush();
    const stored = source.observations();
    if (stored - tenth.from < wanted / TENTHS && at + STEP_MICROS < to) continue;
    const rows = Math.max(1, stored - tenth.from);
    costs.push({ stored, cpuMicros: tenth.cpuMicros / rows, wallMicros: tenth.wallMicros / rows });
    tenth = { cpuMicros: 0, wallMicros: 0, from: stored };
    process.stderr.write(
      `dataset: ${stored} of about ${wanted} observations, ${costs.at(-1)?.cpuMicros.toFixed(1)} µs each\n`,
    );
  }
  await store.close();
  await raw.finish();
  const storeBytes = sizeOf(join(folder, 'data'));
  return { from, to, observations: source.observations(), exchanges: source.exchanges(), storeBytes, costs };
}

function reportsOf(
  source: ReportSource,
  wish: Pick<ReportsWish, 'from' | 'observations' | 'observationsPerSecond'>,
  mayBeLate: boolean,
  onHalf: (half: Half) => void,
): ReportText[] {
  const lateShare = mayBeLate ? LATE_SHARE : 0;
  const { full, rest } = source.reports({ ...wish, rowsPerReport: ROWS_PER_REPORT, lateShare, onHalf });
  return [...full, ...rest];
}

function decoded({ beforeSentAt, afterSentAt }: ReportText, sentAt: number) {
  const decoding = decodeReport(JSON.parse(`${beforeSentAt}${sentAt}${afterSentAt}`));
  if (decoding.kind !== 'report' || decoding.refused.length > 0)
    throw new Error(`a made report is refused: ${decoding.kind}`);
  return decoding.report;
}

/** A store that is made anew tells how this build of the product lays out its tables and pages. */
async function schemaOfStore(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'soa-monitor-schema-'));
  const path = join(folder, 'monitor.sqlite');
  await (await openStore({ path })).close();
  const database = new Database(path, { readonly: true });
  const tables = database.prepare<[], { sql: string | null }>('SELECT sql FROM sqlite_master ORDER BY name').all();
  const version = database.pragma('user_version', { simple: true });
  const pageSize = database.pragma('page_size', { simple: true });
  database.close();
  rmSync(folder, { recursive: true, force: true });
  return JSON.stringify([version, pageSize, tables.map(({ sql }) => sql)]);
}

const sizeOf = (folder: string): number =>
  readdirSync(folder)
    .filter((name) => name.startsWith('monitor.sqlite'))
    .reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);

import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { decodeReport } from '@soa-monitor/protocol';
import { openStore } from '@soa-monitor/server';
import { createReportSource } from '../load/report-source.ts';

const SEED = 43;
const ROWS_PER_REPORT = 5_000;
const TURNS = 20;
const TURN_MICROS = 120_000_000;
const WAIT_MICROS = 2_040_000;
const SILENT_MICROS = 60_000_000;

/**
 * Puts a stretch of about so many observations from `from` on, epoch µs, into a data folder that no server runs on: what
 * retention drops when one does. Gives how many there are.
 */
export async function putOldStretch(folder: string, observations: number, from: number): Promise<number> {
  const store = await openStore({ path: join(folder, 'monitor.sqlite'), clock: () => from });
  const source = createReportSource(SEED, 'old-stretch');
  for (let turn = 0; turn < TURNS; turn++) {
    const at = from + turn * TURN_MICROS;
    const receivedAt = at + TURN_MICROS;
    const wanted = Math.ceil(observations / TURNS);
    const observationsPerSecond = wanted / (TURN_MICROS / 1_000_000);
    const made = source.reports({
      observations: wanted,
      rowsPerReport: ROWS_PER_REPORT,
      from: at,
      observationsPerSecond,
    });
    for (const { beforeSentAt, afterSentAt, service } of [...made.full, ...made.rest]) {
      const decoding = decodeReport(JSON.parse(`${beforeSentAt}${receivedAt}${afterSentAt}`));
      if (decoding.kind !== 'report') throw new Error(`a made report is refused: ${JSON.stringify(decoding)}`);
      const remoteAddress = source.estate.services[service]?.address ?? '';
      await store.append(decoding.report, { receivedAt, remoteAddress });
    }
    await store.settle(receivedAt + WAIT_MICROS + 1, WAIT_MICROS, SILENT_MICROS);
  }
  await store.close();
  return source.observations();
}

/** An online backup of the folder into a file in it, by the command that an administrator would use. */
export function backUp(folder: string): Promise<void> {
  const program = fileURLToPath(new URL('../bin/soa-monitor.js', import.meta.resolve('@soa-monitor/server')));
  const args = [program, 'backup', '--data', folder, '--to', join(folder, 'backup.sqlite')];
  const child = spawn(process.execPath, args, { stdio: ['ignore', process.stderr, 'inherit'] });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => (code === 0 ? resolve() : reject(new Error(`the backup ended with ${code}`))));
  });
}

/** Rows that retention has dropped, by the server's own count. */
export async function expiredRows(url: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return Number(/accounting_rows\{kind="expired"\} (\d+)/.exec(text)?.[1] ?? Number.NaN);
}

import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { startFakeMonitor } from '../fake-monitor.ts';
import type { Judged } from './differences.ts';
import { listenInTrouble, troubles } from './dimensions/troubles.ts';
import type { Load, Loaded } from './load-child.ts';

const CHILD = fileURLToPath(new URL('../../../dist/testing/harmless/load-child.js', import.meta.url));
/** The stated limit for the end of a process is 2 s; the rest is a busy machine's. */
const END_MILLIS_MAX = 4_000;
/** Between a fifth and the end of all calls: what tiers of compiled code, caches and the like may take. */
const HEAP_GROWTH_BYTES_MAX = 1_500_000;
const QUEUE_ROWS = 500;

interface Ended extends Loaded {
  readonly code: number | null;
  readonly endMillis: number;
  readonly output: string;
}

export interface Measured extends Judged {
  readonly figures: string;
}

/** The monitor in trouble for the whole run: nothing reaches the host, the queue keeps its cap, and the process ends. */
export const troubleNames = Object.keys(troubles).map((name) => `trouble: the monitor ${name}`);

export async function judgeTrouble(name: string, calls: number): Promise<Measured> {
  const trouble = await listenInTrouble(name.replace('trouble: the monitor ', ''));
  const ended = await runLoad({ monitor: trouble.url, calls, maxQueueRows: QUEUE_ROWS, closes: false });
  trouble.close();
  const wrongs = wrongsOf(ended, calls);
  if (ended.queuedMax > QUEUE_ROWS) wrongs.push(`${ended.queuedMax} rows were queued`);
  if (ended.endMillis > END_MILLIS_MAX) wrongs.push(`the process ended only after ${Math.round(ended.endMillis)} ms`);
  return measured(name, ended, wrongs);
}

export const memoryName = 'memory: many calls, and nothing left after close()';

export async function judgeMemory(calls: number): Promise<Measured> {
  const monitor = await startFakeMonitor(50);
  const ended = await runLoad({ monitor: monitor.url, calls, maxQueueRows: 20_000, closes: true });
  const wrongs = wrongsOf(ended, calls);
  for (const what of ended.left) wrongs.push(`left after close(): ${what}`);
  for (const what of monitor.wrongs.slice(0, 3)) wrongs.push(what);
  await monitor.close();
  return measured(memoryName, ended, wrongs);
}

function wrongsOf(
  { code, unhandled, output, heapAtFifth, heapAtEnd, answered, counters }: Ended,
  calls: number,
): string[] {
  const wrongs: string[] = [];
  if (code !== 0) wrongs.push(`exit code ${code}: ${output.slice(0, 500)}`);
  if (answered < calls) wrongs.push(`${answered} of ${calls} calls were answered`);
  for (const message of unhandled) wrongs.push(`an exception reached the host: ${message}`);
  const growth = heapAtEnd - heapAtFifth;
  if (growth > HEAP_GROWTH_BYTES_MAX) wrongs.push(`the heap grew by ${growth} bytes`);
  const { observed, acknowledged, refused, inTransit, queued, dropped, failures } = Object(counters);
  const droppedAll = Object.values<number>(dropped ?? {}).reduce((sum, count) => sum + count, 0);
  if (observed !== acknowledged + refused + inTransit + queued + droppedAll)
    wrongs.push(`the counters do not add up: ${JSON.stringify(counters)}`);
  if (failures !== 0) wrongs.push(`it failed inside ${failures} times`);
  return wrongs;
}

const measured = (name: string, ended: Ended, wrongs: readonly string[]): Measured => ({
  name,
  verdict:
    wrongs.length === 0
      ? { kind: 'same' }
      : { kind: 'different', diff: wrongs.map((wrong) => `  ! ${wrong}`).join('\n') },
  figures:
    `${ended.answered} calls, heap ${megabytes(ended.heapAtFifth)} MB at a fifth, ${megabytes(ended.heapAtEnd)} MB at the end, ` +
    `queued at most ${ended.queuedMax}, ended ${Math.round(ended.endMillis)} ms after its last work`,
});

const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(2);

function runLoad(load: Load): Promise<Ended> {
  const child = spawn(process.execPath, ['--expose-gc', CHILD, JSON.stringify(load)], {
    env: { PATH: process.env.PATH ?? '' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  let doneAt = 0;
  const keep = (chunk: Buffer): void => {
    output += chunk.toString();
    if (doneAt === 0 && output.includes('{"answered"')) doneAt = performance.now();
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  return new Promise((resolve) => {
    child.on('close', (code) => {
      const line = output.split('\n').find((each) => each.startsWith('{"answered"'));
      const nothing = {
        answered: 0,
        heapAtFifth: 0,
        heapAtEnd: 0,
        counters: {},
        queuedMax: 0,
        unhandled: [],
        left: [],
      };
      const loaded: Loaded = line === undefined ? nothing : JSON.parse(line);
      resolve({ ...loaded, code, output, endMillis: performance.now() - doneAt });
    });
  });
}

import { spawnSync } from 'node:child_process';
import { closeSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Played } from './act.ts';

/** What goes wrong below a monitor, changed while it runs. Its monitors are started with `environment`. */
export interface BadLuck {
  readonly environment: { readonly [name: string]: string };
  now(luck: Luck): void;
  /** Calls that failed so far. */
  failed(): { readonly reads: number; readonly writes: number; readonly flushes: number };
}

/** What is not given goes well. */
export interface Luck {
  /** The wall clock of the whole process, SQLite's and every thread's included. */
  readonly clockOffsetSeconds?: number;
  /** One in so many calls on the database or its log fails with EIO. */
  readonly reads?: number;
  readonly writes?: number;
  readonly flushes?: number;
  /** Whether a write that fails has written half. */
  readonly torn?: boolean;
}

const SOURCE = fileURLToPath(new URL('../../torture/bad-luck.c', import.meta.url));
const NUMBERS = 8;
const FAILED_FROM = 5;

/** Compiled and preloaded under the act's monitors. Where that is not possible, the act says so and is not played. */
export async function withBadLuck(folder: string, play: (luck: BadLuck) => Promise<Played>): Promise<Played> {
  const luck = createBadLuck(folder);
  if (typeof luck === 'string') return { kills: 0, rows: 0, findings: [], notes: [`${luck}: not played`] };
  return play(luck);
}

function createBadLuck(folder: string): BadLuck | string {
  const library = join(folder, 'bad-luck.so');
  const file = join(folder, 'bad-luck');
  const compiled = spawnSync('gcc', ['-shared', '-fPIC', '-O1', '-o', library, SOURCE, '-ldl']);
  if (compiled.status !== 0) return 'there is no gcc that compiles it';
  const tell = (numbers: BigInt64Array): void => {
    const opened = openSync(file, 'r+');
    writeSync(opened, new Uint8Array(numbers.buffer), 0, FAILED_FROM * 8, 0);
    closeSync(opened);
  };
  writeFileSync(file, Buffer.alloc(NUMBERS * 8));
  const luck: BadLuck = {
    environment: { LD_PRELOAD: library, TORTURE_BAD_LUCK: file },
    now({ clockOffsetSeconds = 0, reads = 0, writes = 0, flushes = 0, torn = false }) {
      tell(BigInt64Array.from([clockOffsetSeconds, reads, writes, flushes, Number(torn)].map(BigInt)));
    },
    failed() {
      const bytes = readFileSync(file);
      const at = (index: number): number => Number(bytes.readBigInt64LE((FAILED_FROM + index) * 8));
      return { reads: at(0), writes: at(1), flushes: at(2) };
    },
  };
  return isFelt(luck) ? luck : 'it is not preloaded here';
}

/** Another C library than glibc, or a Node linked otherwise, would not notice: then nothing would be tried, and all be well. */
function isFelt(luck: BadLuck): boolean {
  luck.now({ clockOffsetSeconds: 86_400 });
  const told = spawnSync(process.execPath, ['-p', 'Date.now()'], { env: luck.environment });
  luck.now({});
  return Number(told.stdout) - Date.now() > 80_000_000;
}

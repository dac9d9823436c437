import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CallCounter } from '../soap/call.ts';
import type { Outcome } from '../soap/outcome.ts';

export type Tally = CallCounter & {
  /** Writes the file now, if anything was counted since the last time. */
  write(): void;
};

type Line = {
  readonly target: string;
  readonly operation: string;
  readonly outcomes: Partial<Record<Outcome, number>>;
};

const WRITE_MILLIS = 500;

/**
 * A process's own count of its calls, by target, operation and outcome: what the monitor's figures are held against.
 * It is about one run of the process. With a folder it is kept in `<folder>/<name>.json`, replaced whole, and what is
 * there is at most half a second old. `begun` less the sum of the outcomes is what was in flight.
 */
export function createTally(name: string, folder: string | undefined): Tally {
  const lines = new Map<string, Line>();
  let begun = 0;
  let changed = true;

  function write(): void {
    if (folder === undefined || !changed) return;
    changed = false;
    const file = join(folder, `${name}.json`);
    writeFileSync(`${file}.new`, JSON.stringify({ name, pid: process.pid, begun, calls: [...lines.values()] }));
    renameSync(`${file}.new`, file);
  }

  if (folder !== undefined) {
    mkdirSync(folder, { recursive: true });
    write();
    setInterval(write, WRITE_MILLIS).unref();
  }
  return {
    began() {
      begun += 1;
      changed = true;
    },
    ended(target, operation, outcome) {
      const key = `${target} ${operation}`;
      const line = lines.get(key) ?? { target, operation, outcomes: {} };
      lines.set(key, line);
      line.outcomes[outcome] = (line.outcomes[outcome] ?? 0) + 1;
      changed = true;
    },
    write,
  };
}

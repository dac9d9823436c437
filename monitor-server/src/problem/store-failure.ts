/**
 * Why the store fails, by SQLite's own words (the code of an error does not survive the way from a thread). In words that may
 * be shown to anybody: no path, nothing of the data. Null: it is no failure of the disk or the file.
 */
export function storeFailure(error: unknown): string | null {
  const message = error instanceof Error ? error.message : String(error);
  return NAMES.find(([words]) => words.test(message))?.[1] ?? null;
}

/** It does not go away by itself. */
export const DAMAGED = 'the database is damaged: soa-monitor check says where';

const NAMES: readonly (readonly [words: RegExp, name: string])[] = [
  [/is full/i, 'the disk is full'],
  [/readonly|read-only/i, 'the database is read-only'],
  [/locked|busy/i, 'another process holds the database'],
  [/malformed|not a database|corrupt/i, DAMAGED],
  [/disk i\/o|unable to open/i, 'the disk fails'],
];

import type { Database } from 'better-sqlite3';
import type { ClockPair } from './clock-pairs.ts';

interface ClockPairRow {
  readonly first: string;
  readonly second: string;
  readonly offset_micros: number;
  readonly uncertainty_micros: number;
  readonly at: number;
}

/** The best that is known of each pair of clocks. */
export function createClockPairTable(database: Database) {
  const recent = database.prepare<[number], ClockPairRow>('SELECT * FROM clock_pair ORDER BY at DESC LIMIT ?');
  const put = database.prepare<(string | number)[]>('INSERT OR REPLACE INTO clock_pair VALUES (?, ?, ?, ?, ?)');
  const remove = database.prepare<[string, string]>('DELETE FROM clock_pair WHERE first = ? AND second = ?');
  return {
    recent: (limit: number): readonly ClockPair[] =>
      recent
        .all(limit)
        .reverse()
        .map(({ first, second, offset_micros: offset, uncertainty_micros: uncertainty, at }) => ({
          ...{ first, second, offset, uncertainty, at },
          doubts: 0,
        })),
    write: ({ first, second, offset, uncertainty, at }: ClockPair): void =>
      void put.run(first, second, offset, uncertainty, at),
    remove: ({ first, second }: ClockPair): void => void remove.run(first, second),
  };
}

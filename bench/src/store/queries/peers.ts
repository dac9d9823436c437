import { DuckDBInstance } from '@duckdb/node-api';
import type { Window } from '@soa-monitor/protocol';
import Database from 'better-sqlite3';
import type { Cell, Question } from './questions.ts';
import { sqlOf } from './questions.ts';
import { duckPath, rawPath } from './raw-rows.ts';

/** An engine on the raw rows. */
export interface Peer {
  readonly name: 'DuckDB' | 'raw SQLite';
  ask(question: Question, window: Window, percentiles: boolean): Promise<readonly Cell[]>;
  close(): void;
}

/** As many threads as there are cores here; its default. */
export async function openDuck(folder: string): Promise<Peer> {
  const instance = await DuckDBInstance.create(duckPath(folder), { access_mode: 'READ_ONLY' });
  const connection = await instance.connect();
  return {
    name: 'DuckDB',
    async ask(question, { from, to }, percentiles) {
      const sql = sqlOf(question, 'DuckDB', percentiles);
      const reader = await connection.runAndReadAll(sql, { from: BigInt(from), to: BigInt(to) });
      return reader.getRowsJS().map((row) => cellOf(question, row.map(plain)));
    },
    close() {
      connection.closeSync();
      instance.closeSync();
    },
  };
}

export function openRaw(folder: string): Peer {
  const database = new Database(rawPath(folder), { readonly: true });
  database.pragma('cache_size = -65536');
  return {
    name: 'raw SQLite',
    ask(question, window, percentiles) {
      const rows = database
        .prepare<[Window], unknown[]>(sqlOf(question, 'raw SQLite', percentiles))
        .raw()
        .all(window);
      return Promise.resolve(rows.map((row) => cellOf(question, row.map(plain))));
    },
    close: () => void database.close(),
  };
}

type Plain = number | readonly number[];

function plain(value: unknown): Plain {
  return Array.isArray(value) ? value.map(Number) : Number(value);
}

/** Groups, count, faults, bytes, and percentiles as a list or one by one. */
function cellOf(question: Question, row: readonly Plain[]): Cell {
  const numbers = row.flat();
  const groups = question.group.split(',').length;
  const [count = 0, faults = 0, bytes = 0, ...percentiles] = numbers.slice(groups);
  return { key: question.keyOf(numbers.slice(0, groups)), count, faults, bytes, percentiles };
}

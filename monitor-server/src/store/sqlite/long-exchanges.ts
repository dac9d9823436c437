import type { Database } from 'better-sqlite3';
import { type Catalogue, createCatalogue } from './catalogue.ts';
import { scanForReplay } from './scan-replay.ts';

/**
 * Exchanges that took a minute or longer, so that a picture of any moment finds those that were in flight then without
 * looking through all before it. By classes of duration: one of class c took from 2^c to 2^(c+1) minutes, so what was in
 * flight at a moment began within 2^(c+1) minutes before it, and at most half of what is read there had ended.
 * (Lists of what was in flight at every so many minutes would have a row for each of them, and a late half would have to
 * correct each. This has one row an exchange, written with the figures, in the same commit.)
 */
export interface LongExchanges {
  /** `id`: the seq of the half that was seen first. Takes an ended exchange in (1) or out again (−1); a short one is none of its business. */
  count(id: number, start: number, durationMicros: number, times: 1 | -1): void;
  /** Lets go of those that began in [from, to): their facts are dropped. */
  forget(from: number, to: number): void;
}

export const LONG_MICROS = 60_000_000;
/** The longest class has no upper bound: 2^20 minutes are two years. */
const CLASS_MAX = 20;

export function createLongExchanges(database: Database): LongExchanges {
  const put = database.prepare<[number, number, number, number]>(
    'INSERT OR REPLACE INTO long_exchange VALUES (?, ?, ?, ?)',
  );
  const drop = database.prepare<[number, number, number]>(
    'DELETE FROM long_exchange WHERE class = ? AND start = ? AND exchange = ?',
  );
  const dropAll = database.prepare<[number, number, number]>(
    'DELETE FROM long_exchange WHERE class = ? AND start >= ? AND start < ?',
  );
  return {
    count(id, start, durationMicros, times) {
      if (durationMicros < LONG_MICROS) return;
      if (times === 1) put.run(classOf(durationMicros), start, id, start + durationMicros);
      else drop.run(classOf(durationMicros), start, id);
    },
    forget(from, to) {
      for (let ofClass = 0; ofClass <= CLASS_MAX; ofClass++) dropAll.run(ofClass, from, to);
    },
  };
}

/** When the long exchanges began that were in flight at a moment, at most so many of each class. */
export function longStartsAt(database: Database, at: number, limit: number): readonly number[] {
  const select = database.prepare<[number, number, number, number, number], { start: number }>(
    'SELECT start FROM long_exchange WHERE class = ? AND start > ? AND start <= ? AND "end" > ? LIMIT ?',
  );
  const starts: number[] = [];
  for (let ofClass = 0; ofClass <= CLASS_MAX; ofClass++) {
    const longest = ofClass === CLASS_MAX ? Number.MAX_SAFE_INTEGER : LONG_MICROS * 2 ** (ofClass + 1);
    for (const { start } of select.all(ofClass, at - longest, at, at, limit)) starts.push(start);
  }
  return starts;
}

/** Fills the table in a database of before it was there. */
export function knowLongExchanges(database: Database): void {
  const known = database.prepare<[], { value: number }>("SELECT value FROM meta WHERE name = 'long_exchanges_known'");
  if (known.get()?.value === 1) return;
  database.transaction(() => {
    rebuildLongExchanges(database, createCatalogue(database));
    database.exec("UPDATE meta SET value = 1 WHERE name = 'long_exchanges_known'");
  })();
}

/** Makes the table anew from the facts. */
export function rebuildLongExchanges(database: Database, catalogue: Catalogue): void {
  const long = createLongExchanges(database);
  database.exec('DELETE FROM long_exchange');
  for (const { id, start, duration } of longInFacts(database, catalogue)) long.count(id, start, duration, 1);
}

/** The facts against the table: one line for each difference. */
export function checkLongExchanges(database: Database, catalogue: Catalogue, between: () => void): readonly string[] {
  const expected = new Set<string>();
  for (const { id, start, duration } of longInFacts(database, catalogue, between))
    expected.add(`${classOf(duration)} ${start} ${id} ${start + duration}`);
  const findings: string[] = [];
  const all = database.prepare<[], { class: number; start: number; exchange: number; end: number }>(
    'SELECT * FROM long_exchange',
  );
  for (const row of all.all()) {
    const key = `${row.class} ${row.start} ${row.exchange} ${row.end}`;
    if (!expected.delete(key)) findings.push(`long exchange ${row.exchange}: the facts know none of ${key}`);
  }
  for (const key of expected) findings.push(`long exchange of class, start, id, end ${key} is missing`);
  return findings;
}

function* longInFacts(database: Database, catalogue: Catalogue, between: () => void = () => {}) {
  const scan = scanForReplay(database, (call) => catalogue.call(call).operation);
  for (const rows of scan.within({ from: 0, to: Number.MAX_SAFE_INTEGER, between })) {
    for (let at = 0; at < rows.count; at++) {
      const duration = rows.duration[at] ?? 0;
      if (rows.isCounted[at] === 1 && duration >= LONG_MICROS)
        yield { id: rows.idSeq[at] ?? 0, start: rows.time[at] ?? 0, duration };
    }
  }
}

const classOf = (durationMicros: number): number =>
  Math.min(CLASS_MAX, Math.max(0, Math.floor(Math.log2(durationMicros / LONG_MICROS))));

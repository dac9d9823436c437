import { countExchange, type Figures, noFigures } from '@soa-monitor/protocol';
import type { Database } from 'better-sqlite3';
import { figuresInto } from './cells.ts';
import { checkTiers } from './check-tiers.ts';
import { countedSince } from './recount.ts';
import { figuresOfRollup, MINUTE_MICROS, type RollupRow } from './rollups.ts';
import { inSnapshot } from './snapshot.ts';

const FINDINGS_MAX = 100;

/** Integrity of the file, then the facts against what is derived from them. One line per finding; empty: all is well. */
export function checkDatabase(database: Database): readonly string[] {
  return [
    ...checkIntegrity(database),
    ...checkReferences(database),
    ...checkRollups(database),
    ...checkTiers(database),
  ].slice(0, FINDINGS_MAX);
}

function checkIntegrity(database: Database): readonly string[] {
  const rows = database.prepare<[], { integrity_check: string }>('PRAGMA integrity_check').all();
  return rows.flatMap((row) => (row.integrity_check === 'ok' ? [] : [`integrity: ${row.integrity_check}`]));
}

function checkReferences(database: Database): readonly string[] {
  return inSnapshot(database, () => [
    ...database
      .prepare<[], { reporter: string; stored: number; found: number }>(
        `SELECT p.reporter, p.stored - p.expired AS stored, coalesce(o.found, 0) AS found FROM process p
         LEFT JOIN (SELECT process, sum(parts) AS found FROM observation GROUP BY process) o ON o.process = p.number
         WHERE p.stored - p.expired != coalesce(o.found, 0)`,
      )
      .all()
      .map((row) => `reporter ${row.reporter}: ${row.stored} rows acknowledged, ${row.found} found`),
    ...database
      .prepare<[], { seq: number }>(
        `SELECT o.seq FROM observation o LEFT JOIN exchange e ON e.id = o.exchange
         WHERE e.id IS NULL OR NOT CASE o.role
           WHEN 1 THEN e.client_time IS o.time AND e.client_seq IS o.seq
           ELSE e.server_time IS o.time AND e.server_seq IS o.seq END LIMIT 100`,
      )
      .all()
      .map((row) => `observation ${row.seq} is no half of its exchange`),
    ...database
      .prepare<[], { id: number }>(
        `SELECT e.id FROM exchange e
           LEFT JOIN observation c ON c.time = e.client_time AND c.seq = e.client_seq
           LEFT JOIN observation s ON s.time = e.server_time AND s.seq = e.server_seq
         WHERE (e.client_time IS NOT NULL AND c.exchange IS NOT e.id)
            OR (e.server_time IS NOT NULL AND s.exchange IS NOT e.id) LIMIT 100`,
      )
      .all()
      .map((row) => `exchange ${row.id} names a half that is not its own`),
    ...database
      .prepare<[], { seq: number }>(
        `SELECT o.seq FROM observation o LEFT JOIN observation_key k
           ON k.process = o.process AND k.exchange_no = o.exchange_no AND k.time = o.time AND k.seq = o.seq
         WHERE k.process IS NULL LIMIT 100`,
      )
      .all()
      .map((row) => `observation ${row.seq} is not found by its number`),
    ...database
      .prepare<[], { seq: number }>(
        `SELECT DISTINCT b.seq FROM body b LEFT JOIN observation o ON o.time = b.time AND o.seq = b.seq
         WHERE o.seq IS NULL LIMIT 100`,
      )
      .all()
      .map((row) => `body ${row.seq} belongs to no observation`),
  ]);
}

/** Every cell of the minute tier is what the facts of that minute fold to. */
function checkRollups(database: Database): readonly string[] {
  return inSnapshot(database, () => {
    const expected = new Map<string, Figures>();
    for (const { link, operation, start, counted } of countedSince(database, 0)) {
      const figures = noFigures();
      countExchange(figures, counted, 1);
      figuresInto(expected, `${Math.floor(start / MINUTE_MICROS)} ${link} ${operation}`, figures);
    }
    const findings: string[] = [];
    for (const row of database.prepare<[], RollupRow>('SELECT * FROM rollup_minute').all()) {
      const key = `${row.minute} ${row.link} ${row.operation}`;
      const found = textOf(figuresOfRollup(row));
      const wanted = textOf(expected.get(key) ?? noFigures());
      if (found !== wanted)
        findings.push(`rollup of minute, link, operation ${key}: ${found}, the facts say ${wanted}`);
      expected.delete(key);
    }
    for (const key of expected.keys()) findings.push(`rollup of minute, link, operation ${key} is missing`);
    return findings;
  });
}

function textOf(figures: Figures): string {
  const { count, faults, errors, requestBytes, replyBytes, histogram } = figures;
  const buckets = [...histogram].sort(([a], [b]) => a - b).map(([bucket, n]) => `${bucket}:${n}`);
  return [count, faults, errors, requestBytes, replyBytes, ...buckets].join(' ');
}

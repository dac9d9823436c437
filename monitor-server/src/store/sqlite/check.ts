import { countExchange, type Figures, noFigures } from '@soa-monitor/protocol';
import type { Database } from 'better-sqlite3';
import { createCatalogue } from './catalogue.ts';
import { figuresInto } from './cells.ts';
import { checkLongExchanges } from './long-exchanges.ts';
import { listPartitions, type Partition } from './partitions.ts';
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
    ...checkLong(database),
  ].slice(0, FINDINGS_MAX);
}

function checkIntegrity(database: Database): readonly string[] {
  const rows = database.prepare<[], { integrity_check: string }>('PRAGMA integrity_check').all();
  return rows.flatMap((row) => (row.integrity_check === 'ok' ? [] : [`integrity: ${row.integrity_check}`]));
}

function checkReferences(database: Database): readonly string[] {
  return inSnapshot(database, () => {
    const partitions = listPartitions(database)(0, Number.MAX_SAFE_INTEGER);
    return [
      ...checkAccounts(database, partitions),
      ...partitions.flatMap((each) => checkHalves(database, each, partitions)),
    ];
  });
}

type Stretches = readonly Readonly<Partition>[];

function checkAccounts(database: Database, partitions: Stretches): readonly string[] {
  const found = new Map<number, number>();
  const findings: string[] = [];
  const counted = database.prepare<[number], { process: number; rows: number }>(
    'SELECT process, rows FROM partition_process WHERE partition = ? ORDER BY process',
  );
  for (const { number, observations } of partitions) {
    const rows = database
      .prepare<[], { process: number; rows: number; observations: number }>(
        `SELECT process, sum(parts) AS rows, count(*) AS observations FROM observation_${number} GROUP BY process ORDER BY process`,
      )
      .all();
    for (const { process, rows: sum } of rows) found.set(process, (found.get(process) ?? 0) + sum);
    const text = (all: readonly { process: number; rows: number }[]) =>
      all.map(({ process, rows: sum }) => `${process}: ${sum}`).join(', ');
    const told = text(counted.all(number));
    if (told !== text(rows))
      findings.push(`stretch ${number}: rows by process are told as ${told}, found ${text(rows)}`);
    const sum = rows.reduce((all, row) => all + row.observations, 0);
    if (sum !== observations) findings.push(`stretch ${number}: ${observations} observations are told, ${sum} found`);
  }
  const processes = database.prepare<[], { number: number; reporter: string; stored: number }>(
    'SELECT number, reporter, stored - expired AS stored FROM process',
  );
  for (const { number, reporter, stored } of processes.all()) {
    const rows = found.get(number) ?? 0;
    if (rows !== stored) findings.push(`reporter ${reporter}: ${stored} rows acknowledged, ${rows} found`);
  }
  return findings;
}

/** Halves that point to each other, children to their parents, attempts and bodies to what they belong to. */
function checkHalves(database: Database, { number, from, to }: Readonly<Partition>, all: Stretches): readonly string[] {
  const partnerAt = (time: number, seq: number): { partner_seq: number | null; found: number } | undefined => {
    const partition = all.find((each) => time >= each.from && time < each.to);
    if (partition === undefined) return undefined;
    return database
      .prepare<[number, number], { partner_seq: number | null; found: number }>(
        `SELECT partner_seq, 1 AS found FROM observation_${partition.number} WHERE time = ? AND seq = ?`,
      )
      .get(time, seq);
  };
  const isDropped = (time: number): boolean => !all.some((each) => time >= each.from && time < each.to);
  const findings: string[] = [];
  const astray = database
    .prepare<[], { time: number; seq: number; partner_time: number; partner_seq: number }>(
      `SELECT o.time, o.seq, o.time + o.partner_after AS partner_time, o.partner_seq FROM observation_${number} o
         LEFT JOIN observation_${number} p ON p.time = o.time + o.partner_after AND p.seq = o.partner_seq
       WHERE o.partner_seq IS NOT NULL
         AND (p.seq IS NULL OR p.partner_seq IS NOT o.seq OR p.time + p.partner_after IS NOT o.time OR p.role = o.role)`,
    )
    .iterate();
  for (const { seq, partner_time, partner_seq } of [...astray]) {
    if (isDropped(partner_time) || partnerAt(partner_time, partner_seq)?.partner_seq === seq) continue;
    findings.push(`observation ${seq} names another half that is not its own`);
  }
  for (const table of ['attempt', 'body']) {
    const isThere = database.prepare<[string], { found: number }>(
      'SELECT 1 AS found FROM sqlite_schema WHERE name = ?',
    );
    if (isThere.get(`${table}_${number}`) === undefined) continue;
    const rows = database
      .prepare<[], { seq: number }>(
        `SELECT DISTINCT b.seq FROM ${table}_${number} b LEFT JOIN observation_${number} o ON o.time = b.time AND o.seq = b.seq
         WHERE o.seq IS NULL LIMIT 100`,
      )
      .all();
    for (const { seq } of rows) findings.push(`${table} ${seq} belongs to no observation`);
  }
  const outside = database
    .prepare<[number, number], { seq: number }>(
      `SELECT seq FROM observation_${number} WHERE time < ? OR time >= ? LIMIT 100`,
    )
    .all(from, to);
  for (const { seq } of outside) findings.push(`observation ${seq} lies outside of its stretch`);
  return findings;
}

const checkLong = (database: Database): readonly string[] =>
  inSnapshot(database, (snapshot) => checkLongExchanges(database, createCatalogue(database), snapshot.renewIfOld));

/** Every cell of the minute tier is what the facts of that minute fold to. */
function checkRollups(database: Database): readonly string[] {
  return inSnapshot(database, () => {
    const factsFrom = database.prepare<[], { value: number }>("SELECT value FROM meta WHERE name = 'facts_from'").get();
    // Before it facts were dropped, and what was folded of them stands alone.
    const firstMinute = Math.ceil((factsFrom?.value ?? 0) / MINUTE_MICROS);
    const expected = new Map<string, Figures>();
    for (const { link, operation, start, counted } of countedSince(database, firstMinute * MINUTE_MICROS)) {
      const figures = noFigures();
      countExchange(figures, counted, 1);
      figuresInto(expected, `${Math.floor(start / MINUTE_MICROS)} ${link} ${operation}`, figures);
    }
    const findings: string[] = [];
    const select = database.prepare<[number], RollupRow>('SELECT * FROM rollup_minute WHERE minute >= ?');
    for (const row of select.all(firstMinute)) {
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

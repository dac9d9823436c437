import type { Database } from 'better-sqlite3';
import { listPartitions, type Partition } from './partitions.ts';
import { inSnapshot } from './snapshot.ts';

type Stretches = readonly Readonly<Partition>[];

/** What lies in the stretches of facts points to what is there. */
export function checkReferences(database: Database, find: (finding: string) => void): void {
  inSnapshot(database, () => {
    const partitions = listPartitions(database)(0, Number.MAX_SAFE_INTEGER);
    for (const each of partitions) checkHalves(database, each, partitions, find);
  });
}

/** Halves that point to each other, children to their parents, attempts and bodies to what they belong to. */
function checkHalves(
  database: Database,
  { number, from, to }: Readonly<Partition>,
  all: Stretches,
  find: (finding: string) => void,
): void {
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
    find(`Observation ${seq} names another half that is not its own.`);
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
    for (const { seq } of rows) find(`${table === 'body' ? 'Body' : 'Attempt'} ${seq} belongs to no observation.`);
  }
  const outside = database
    .prepare<[number, number], { seq: number }>(
      `SELECT seq FROM observation_${number} WHERE time < ? OR time >= ? LIMIT 100`,
    )
    .all(from, to);
  for (const { seq } of outside) find(`Observation ${seq} lies outside of its stretch.`);
}

import type { Database } from 'better-sqlite3';
import { checkAccounting } from './check-accounting.ts';
import { checkIntegrity } from './check-integrity.ts';
import { checkRollups } from './check-rollups.ts';
import { checkTiers } from './check-tiers.ts';
import { inSnapshot } from './snapshot.ts';

const FINDINGS_MAX = 100;

/**
 * Integrity of the file, then the facts against what is derived from them. A sentence per finding; empty: all is well. It may
 * run beside a writer: what is compared is compared within one snapshot.
 */
export function checkDatabase(database: Database): readonly string[] {
  const findings: string[] = [];
  const find = (finding: string): void => {
    if (findings.length < FINDINGS_MAX) findings.push(finding);
  };
  for (const part of [checkIntegrity, checkAccounting, checkReferences, checkRollups, checkTiers]) {
    try {
      part(database, find);
    } catch (error) {
      // A damaged page ends the part that meets it; the others may still say more.
      find(`The check could not go on: ${error instanceof Error ? error.message : String(error)}.`);
    }
  }
  return findings;
}

function checkReferences(database: Database, find: (finding: string) => void): void {
  for (const [select, sentence] of REFERENCES)
    inSnapshot(database, () => {
      for (const { number } of database.prepare<[], { number: number }>(select).all()) find(sentence(number));
    });
}

const REFERENCES: readonly (readonly [select: string, sentence: (number: number) => string])[] = [
  [
    `SELECT o.seq AS number FROM observation o LEFT JOIN exchange e ON e.id = o.exchange
     WHERE e.id IS NULL OR NOT CASE o.role
       WHEN 1 THEN e.client_time IS o.time AND e.client_seq IS o.seq
       ELSE e.server_time IS o.time AND e.server_seq IS o.seq END LIMIT 100`,
    (number) => `Observation ${number} is no half of its exchange.`,
  ],
  [
    `SELECT e.id AS number FROM exchange e
       LEFT JOIN observation c ON c.time = e.client_time AND c.seq = e.client_seq
       LEFT JOIN observation s ON s.time = e.server_time AND s.seq = e.server_seq
     WHERE (e.client_time IS NOT NULL AND c.exchange IS NOT e.id)
        OR (e.server_time IS NOT NULL AND s.exchange IS NOT e.id) LIMIT 100`,
    (number) => `Exchange ${number} names a half that is not its own.`,
  ],
  [
    `SELECT o.seq AS number FROM observation o LEFT JOIN observation_key k
       ON k.process = o.process AND k.exchange_no = o.exchange_no AND k.time = o.time AND k.seq = o.seq
     WHERE k.process IS NULL LIMIT 100`,
    (number) => `Observation ${number} is not found by its number.`,
  ],
  [
    `SELECT DISTINCT b.seq AS number FROM body b LEFT JOIN observation o ON o.time = b.time AND o.seq = b.seq
     WHERE o.seq IS NULL LIMIT 100`,
    (number) => `Body ${number} belongs to no observation.`,
  ],
  [
    `SELECT e.id AS number FROM exchange e LEFT JOIN link l ON l.number = e.link
     WHERE e.link IS NOT NULL AND l.number IS NULL LIMIT 100`,
    (number) => `Exchange ${number} lies on a link that is not there.`,
  ],
  [
    `SELECT c.exchange AS number FROM child c LEFT JOIN exchange e ON e.id = c.exchange
     WHERE e.id IS NOT NULL AND e.parent IS NOT c.parent LIMIT 100`,
    (number) => `Exchange ${number} is listed as the child of another than its parent.`,
  ],
];

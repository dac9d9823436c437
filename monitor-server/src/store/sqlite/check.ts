import type { Database } from 'better-sqlite3';
import { createCatalogue } from './catalogue.ts';
import { checkAccounting } from './check-accounting.ts';
import { checkIntegrity } from './check-integrity.ts';
import { checkReferences } from './check-references.ts';
import { checkRollups } from './check-rollups.ts';
import { checkTiers } from './check-tiers.ts';
import { checkLongExchanges } from './long-exchanges.ts';
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
  for (const part of [checkIntegrity, checkAccounting, checkReferences, checkRollups, checkTiers, checkLong]) {
    try {
      part(database, find);
    } catch (error) {
      // A damaged page ends the part that meets it; the others may still say more.
      find(`The check could not go on: ${error instanceof Error ? error.message : String(error)}.`);
    }
  }
  return findings;
}

const checkLong = (database: Database, find: (finding: string) => void): void =>
  inSnapshot(database, (snapshot) => {
    for (const finding of checkLongExchanges(database, createCatalogue(database), snapshot.renewIfOld)) find(finding);
  });

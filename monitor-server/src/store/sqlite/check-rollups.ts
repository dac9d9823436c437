import type { Database } from 'better-sqlite3';
import { cellKey, type FoldedCell, figuresText, foldMinutes } from './fold-minutes.ts';
import { walkMinutes } from './minute-steps.ts';
import { figuresOfRollup, MINUTE_MICROS, type RollupRow } from './rollups.ts';
import { inSnapshot } from './snapshot.ts';
import { wholeSince } from './whole-since.ts';

/** Every cell of the minute tier is what the facts of that minute fold to, as far back as the facts are whole. */
export function checkRollups(database: Database, find: (finding: string) => void): void {
  const rollups = database.prepare<[number, number], RollupRow>(
    'SELECT * FROM rollup_minute WHERE minute >= ? AND minute < ?',
  );
  walkMinutes(database, wholeSince(database), (step) =>
    inSnapshot(database, () => {
      const expected = foldMinutes(database, step);
      for (const row of rollups.all(step.from / MINUTE_MICROS, step.to / MINUTE_MICROS)) {
        const key = cellKey(row);
        const folded = expected.get(key);
        expected.delete(key);
        const said = figuresOfRollup(row);
        if (folded === undefined)
          find(`${nameOf(row)} says ${said.count} exchanges, but the facts know of none: run rebuild.`);
        else if (figuresText(said) !== figuresText(folded.figures))
          find(
            `${nameOf(row)} says "${figuresText(said)}", the facts say "${figuresText(folded.figures)}": run rebuild.`,
          );
      }
      for (const cell of expected.values())
        find(`${nameOf(cell)} is missing, and the facts know of ${cell.figures.count} exchanges: run rebuild.`);
    }),
  );
}

const nameOf = ({ minute, link, operation }: Pick<FoldedCell, 'minute' | 'link' | 'operation'>): string =>
  `The rollup of ${new Date(minute * 60_000).toISOString().slice(0, 16)}Z, link ${link}, operation ${operation}`;

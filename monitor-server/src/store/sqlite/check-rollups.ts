import type { Database } from 'better-sqlite3';
import { closedPosition, isClosedAt } from './closed-position.ts';
import { figuresOfDense } from './dense-figures.ts';
import { type FoldedCell, figuresText, foldMinutes } from './fold-minutes.ts';
import { walkMinutes } from './minute-steps.ts';
import { inSnapshot } from './snapshot.ts';
import { type TierCell, tierFigures } from './tier-figures.ts';
import { MINUTE, OPEN_MINUTES } from './tiers.ts';
import { wholeSince } from './whole-since.ts';

/** Every cell of the minute tier is what the facts of that minute fold to, as far back as the facts are whole. */
export function checkRollups(database: Database, find: (finding: string) => void): void {
  walkMinutes(database, wholeSince(database), (step) =>
    inSnapshot(database, () => {
      const expected = foldMinutes(database, step);
      for (const [key, row] of tierFigures(database, MINUTE, step.from / MINUTE.micros, step.to / MINUTE.micros)) {
        const folded = expected.get(key);
        expected.delete(key);
        const said = figuresOfDense(row.figures);
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
  for (const row of strayMinutes(database)) find(`${nameOf(row)} is open, but its minute is closed: run rebuild.`);
}

type Named = Pick<TierCell, 'bucket' | 'link' | 'operation'>;

/** Cells that stand open behind what is closed: nobody reads them. */
export function strayMinutes(database: Database): readonly Named[] {
  const position = closedPosition(database, MINUTE);
  return database
    .prepare<[number], Named>(
      `SELECT minute AS bucket, link, operation FROM ${OPEN_MINUTES} WHERE minute <= ? LIMIT ${STRAYS_MAX}`,
    )
    .all(position.bucket)
    .filter(({ bucket, link }) => isClosedAt(position, bucket, link));
}

const STRAYS_MAX = 10_000;

const nameOf = ({ bucket, link, operation }: Named | FoldedCell): string =>
  `The rollup of ${new Date(bucket * 60_000).toISOString().slice(0, 16)}Z, link ${link}, operation ${operation}`;

import { dirname, join } from 'node:path';
import type { Database } from 'better-sqlite3';
import { expect, it } from 'vitest';
import { createReporter, MINUTE, NOON, SECOND } from '../testing/estate.ts';
import { openTemporary } from '../testing/opened.ts';
import { checkDatabase } from './check.ts';
import { openDirectPorts } from './direct-ports.ts';
import { openForReading, openForWriting } from './open-database.ts';
import { rebuildRollups } from './rebuild.ts';
import { createStoreFace } from './store-face.ts';

const HOURS = 4;
const DAY = 24 * 60 * MINUTE;

/** A store of some hours, closed but for the last minutes, as a database of its own. */
async function stored(): Promise<Database> {
  await using opened = await openTemporary(async (path) =>
    createStoreFace(openDirectPorts(path, { clock: () => NOON, retentionMicros: 30 * DAY })),
  );
  const reporter = createReporter({ name: 'bank', port: 4611 });
  // Each commit closes some.
  for (let minute = HOURS * 60; minute >= 0; minute--) {
    await opened.send(reporter, [reporter.served({ start: NOON - minute * MINUTE, end: 1_000 + 100 * minute })]);
    if (minute % 30 === 0) await opened.settle((HOURS * 60 - minute) * SECOND);
  }
  const copy = join(dirname(opened.path), 'copy.sqlite');
  const database = openForReading(opened.path);
  database.exec(`VACUUM INTO '${copy}'`);
  database.close();
  return openForWriting(copy);
}

const bandsOf = (database: Database): unknown =>
  ['band_minute', 'band_ten_minutes', 'band_hour', 'rollup_minute'].map((table) =>
    database.prepare(`SELECT * FROM ${table} ORDER BY 1`).raw().all(),
  );

it('what is closed is found wanting and set right, wherever it was damaged', async () => {
  const database = await stored();
  expect(checkDatabase(database)).toEqual([]);
  const before = bandsOf(database);
  const firstOf = (table: string): string => `SELECT min(key) FROM ${table}`;
  const spoil = (table: string): string =>
    `UPDATE ${table} SET cells = (SELECT cells FROM ${table} WHERE key = (SELECT max(key) FROM ${table}))
     WHERE key = (${firstOf(table)})`;
  const damages = [
    [
      `DELETE FROM band_minute WHERE key = (${firstOf('band_minute')})`,
      / is missing, and the facts know of 1 exchanges/,
    ],
    [spoil('band_minute'), /, the facts say /],
    [
      `DELETE FROM band_ten_minutes WHERE key = (${firstOf('band_ten_minutes')})`,
      /^The rollup tenMinutes .* says nothing/,
    ],
    [spoil('band_ten_minutes'), /^The rollup tenMinutes /],
    [spoil('band_hour'), /^The rollup hour /],
    [
      `INSERT INTO rollup_minute SELECT (${firstOf('band_minute')}) / 65536, link, operation, 1, 0, 0, 1, 1, histogram
       FROM rollup_minute LIMIT 1`,
      / is open, but its minute is closed/,
    ],
    [
      `DELETE FROM rollup_total WHERE seconds = 600 AND bucket = (SELECT min(bucket) FROM rollup_total WHERE seconds = 600)`,
      /^The rollup total of 600 s, /,
    ],
  ] as const;
  for (const [damage, finding] of damages) {
    database.exec(damage);
    expect(checkDatabase(database)).toContainEqual(expect.stringMatching(finding));
    rebuildRollups(database, () => {});
    expect(checkDatabase(database)).toEqual([]);
    expect(bandsOf(database)).toEqual(before);
  }
  database.close();
});

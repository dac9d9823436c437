import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import SqliteDatabase, { type Database } from 'better-sqlite3';
import { afterEach, expect, test } from 'vitest';
import { checkTiers } from './check-tiers.ts';
import { columnsOf, countDense, noDenseFigures, shownDense } from './dense-figures.ts';
import { rollupBands } from './migrations/rollup-bands.ts';
import { MIGRATIONS, migrate } from './migrations.ts';
import { ALL, createFigureReader } from './read-figures.ts';
import { createRollups } from './rollups.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

const HOUR_MINUTES = 60;
const FIRST_HOUR = 496_104;
const FIRST = FIRST_HOUR * HOUR_MINUTES;
const LINKS = 40;

/** Ten minutes and more of a link's calls in the tables as they were: a row a cell, each tier for itself. */
function ofTheVersionBefore(minutes: number): Database {
  const folder = mkdtempSync(join(tmpdir(), 'soa-bands-'));
  folders.push(folder);
  const database = new SqliteDatabase(join(folder, 'monitor.db'));
  database.pragma('synchronous = OFF');
  database.exec('BEGIN');
  for (const migration of MIGRATIONS.slice(0, MIGRATIONS.indexOf(rollupBands))) {
    if (typeof migration === 'string') database.exec(migration);
    else migration(database);
  }
  database.pragma(`user_version = ${MIGRATIONS.indexOf(rollupBands)}`);
  const fill = (table: string, width: number): number => {
    const put = database.prepare(`INSERT INTO ${table} VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`);
    const buckets = Math.floor(minutes / width);
    for (let bucket = 0; bucket < buckets; bucket++) {
      for (let link = 1; link <= LINKS; link++) {
        const figures = noDenseFigures();
        for (let minute = bucket * width; minute < (bucket + 1) * width; minute++)
          countDense(figures, exchangeOf(minute, link), 1);
        put.run(FIRST / width + bucket, link, link % 3, ...columnsOf(figures));
      }
    }
    return FIRST / width + buckets;
  };
  const close = database.prepare('UPDATE rollup_closed SET bucket = ? WHERE tier = ?');
  fill('rollup_minute', 1);
  close.run(fill('rollup_ten_minutes', 10), 'tenMinutes');
  close.run(fill('rollup_hour', 60), 'hour');
  // The sums over all links begin later here: they are not what is tried.
  close.run(FIRST_HOUR + 1_000, 'total');
  database.exec('COMMIT');
  return database;
}

const exchangeOf = (minute: number, link: number) => ({
  outcome: 'ok' as const,
  durationMicros: 100 + 10 * minute + link,
  requestBytes: 1,
  replyBytes: link,
});

function figuresOf(database: Database, fromMinute: number, toMinute: number) {
  const sums = new Map<string, ReturnType<typeof noDenseFigures>>();
  const window = { from: (FIRST + fromMinute) * 60_000_000, to: (FIRST + toMinute) * 60_000_000 };
  const explain = createFigureReader(database)(
    { window, ...ALL },
    () => {},
    (link, operation) => {
      const figures = sums.get(`${link} ${operation}`) ?? noDenseFigures();
      sums.set(`${link} ${operation}`, figures);
      return figures;
    },
  );
  return { explain, figures: new Map([...sums].map(([key, figures]) => [key, shownDense(figures)])) };
}

function expectedOf(fromMinute: number, toMinute: number) {
  const links = Array.from({ length: LINKS }, (_, index) => index + 1);
  return new Map(
    links.map((link) => {
      const figures = noDenseFigures();
      for (let minute = fromMinute; minute < toMinute; minute++) countDense(figures, exchangeOf(minute, link), 1);
      return [`${link} ${link % 3}`, shownDense(figures)];
    }),
  );
}

test('a database of the version before tells the same at once, and while its minutes are packed, commit by commit', () => {
  const minutes = 150;
  const database = ofTheVersionBefore(minutes);
  migrate(database, 'the database');
  const windows = [
    [0, 120],
    [7, 143],
    [0, 150],
  ] as const;
  const tellsTheSame = (): void => {
    for (const [from, to] of windows) expect(figuresOf(database, from, to).figures).toEqual(expectedOf(from, to));
    const findings: string[] = [];
    checkTiers(database, (finding) => findings.push(finding));
    expect(findings).toEqual([]);
  };
  tellsTheSame();
  const open = (): unknown => database.prepare('SELECT count(*) FROM rollup_minute').pluck().get();
  expect(open()).toBe(minutes * LINKS);

  let rollups = createRollups(database);
  let commits = 0;
  for (let before = -1, left = open(); left !== before; before = Number(left), left = open()) {
    database.exec('BEGIN');
    // What comes late meanwhile goes to where its minute is: packed already, or not.
    for (const minute of [3, 149]) {
      rollups.count(1, 1, (FIRST + minute) * 60_000_000, exchangeOf(0, 1), 1);
      rollups.flush();
      rollups.count(1, 1, (FIRST + minute) * 60_000_000, exchangeOf(0, 1), -1);
    }
    rollups.flush();
    database.exec('COMMIT');
    tellsTheSame();
    if (++commits % 2 === 0) rollups = createRollups(database);
  }
  // What is left is as new as the newest.
  expect(open()).toBe(7 * LINKS);
  expect(commits).toBeGreaterThan(1);
  expect(figuresOf(database, 0, 120).explain.tiers).toEqual([{ tier: 'hour', rows: 2 * 3 }]);
  database.close();
});

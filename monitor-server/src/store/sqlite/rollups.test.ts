import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { addFigures, type Counted, countExchange, type Figures, noFigures, shownFigures } from '@soa-monitor/protocol';
import type { Database } from 'better-sqlite3';
import fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import { checkTiers } from './check-tiers.ts';
import { type DenseFigures, noDenseFigures, shownDense } from './dense-figures.ts';
import { openForWriting } from './open-database.ts';
import { ALL, createFigureReader, type Folding, type Into } from './read-figures.ts';
import { createRollups } from './rollups.ts';

const NOON = Date.UTC(2026, 10, 22, 12) * 1_000;
const SECOND = 1_000_000;
const MINUTE = 60 * SECOND;
const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});
function openTemporary(): Database {
  const folder = mkdtempSync(join(tmpdir(), 'soa-rollups-'));
  folders.push(folder);
  const database = openForWriting(join(folder, 'monitor.db'));
  database.pragma('synchronous = OFF');
  return database;
}
const renew = (): void => {};
const foldFigures = (database: Database, folding: Folding, into: Into) =>
  createFigureReader(database)(folding, renew, into);
function readFigures(
  database: Database,
  window: Folding['window'],
  take: (link: number, operation: number, figures: DenseFigures) => void,
) {
  const sums = new Map<string, { link: number; operation: number; figures: DenseFigures }>();
  const explain = foldFigures(database, { window, ...ALL }, (link, operation) => {
    const key = `${link} ${operation}`;
    const sum = sums.get(key) ?? { link, operation, figures: noDenseFigures() };
    sums.set(key, sum);
    return sum.figures;
  });
  for (const { link, operation, figures } of sums.values()) if (figures.count > 0) take(link, operation, figures);
  return explain;
}

/** What is counted: mostly as time goes on, now and then late by up to a day, or moved to another link. */
const counted = fc.record({
  link: fc.integer({ min: 1, max: 40 }),
  operation: fc.integer({ min: 0, max: 2 }),
  at: fc
    .oneof(fc.constant(0), fc.constant(0), fc.nat(1_440))
    .chain((late) => fc.nat(59_999).map((millis) => ({ late, millis }))),
  durationMicros: fc.oneof(fc.nat(20_000), fc.nat(90_000_000)),
  outcome: fc.constantFrom<Counted['outcome']>('ok', 'ok', 'ok', 'fault', 'timeout'),
  moved: fc.boolean(),
});
const commits = fc.array(
  fc.record({
    pauseMinutes: fc.oneof(fc.nat(3), fc.nat(90)),
    exchanges: fc.array(counted, { maxLength: 8 }),
    isReopened: fc.boolean(),
  }),
  { minLength: 5, maxLength: 30 },
);

test('whatever comes late or moves, each tier and each answer is what a fold of the exchanges gives', () => {
  fc.assert(
    fc.property(commits, fc.nat(40 * 60), fc.integer({ min: 1, max: 40 * 60 }), (given, fromMinute, minutes) => {
      const database = openTemporary();
      let rollups = createRollups(database);
      const kept: { link: number; operation: number; start: number; exchange: Counted }[] = [];
      let now = NOON + 24 * 60 * MINUTE;
      for (const { pauseMinutes, exchanges, isReopened } of given) {
        now += pauseMinutes * MINUTE;
        database.exec('BEGIN');
        for (const { link, operation, at, durationMicros, outcome, moved } of exchanges) {
          const start = now - at.late * MINUTE + at.millis * 1_000;
          const exchange = { outcome, durationMicros, requestBytes: 1, replyBytes: 2 };
          rollups.count(link, operation, start, exchange, 1);
          if (moved) {
            rollups.count(link, operation, start, exchange, -1);
            rollups.count(link + 1, operation, start, exchange, 1);
          }
          kept.push({ link: moved ? link + 1 : link, operation, start, exchange });
        }
        // What was counted long ago moves, too.
        const old = kept[0];
        if (old !== undefined) {
          rollups.count(old.link, old.operation, old.start, old.exchange, -1);
          old.link = (old.link % 41) + 1;
          rollups.count(old.link, old.operation, old.start, old.exchange, 1);
        }
        rollups.flush();
        database.exec('COMMIT');
        if (isReopened) rollups = createRollups(database);
      }
      expect(findingsOf(database)).toEqual([]);

      const window = { from: NOON + fromMinute * MINUTE, to: NOON + (fromMinute + minutes) * MINUTE };
      const expected = new Map<string, Figures>();
      const all = noFigures();
      for (const { link, operation, start, exchange } of kept) {
        if (start < window.from || start >= window.to) continue;
        const sum = expected.get(`${link} ${operation}`) ?? noFigures();
        expected.set(`${link} ${operation}`, sum);
        countExchange(sum, exchange, 1);
      }
      for (const sum of expected.values()) addFigures(all, sum);
      const found: { [key: string]: unknown } = {};
      const explain = readFigures(database, window, (link, operation, figures) => {
        found[`${link} ${operation}`] = shownDense(figures);
      });
      expect(found).toEqual(Object.fromEntries([...expected].map(([key, sum]) => [key, shownFigures(sum)])));
      expect(explain.partial).toEqual([]);

      const total: DenseFigures = noDenseFigures();
      const folding = { window, stepMicros: null, links: null, operation: null, isTotal: true };
      foldFigures(database, folding, () => total);
      expect(shownDense(total)).toEqual(shownFigures(all));
      const one = noDenseFigures();
      foldFigures(database, { ...folding, isTotal: false, links: [7], operation: 1 }, () => one);
      expect(shownDense(one)).toEqual(shownFigures(expected.get('7 1') ?? noFigures()));
      database.close();
    }),
    { numRuns: 40 },
  );
}, 60_000);

/** A call each ten seconds over some hours. */
function filled(hours: number): Database {
  const database = openTemporary();
  const rollups = createRollups(database);
  for (let minute = 0; minute < hours * 60; minute++) {
    for (let index = 0; index < 6; index++) {
      const exchange = { outcome: 'ok', durationMicros: 1_000, requestBytes: 1, replyBytes: 1 } as const;
      rollups.count(1, 0, NOON + minute * MINUTE + index * 10 * SECOND, exchange, 1);
    }
    rollups.flush();
  }
  return database;
}

test('a day is read from hours, and the answer says so', () => {
  const database = filled(5);
  let calls = 0;
  const { tiers, rowsRead } = readFigures(database, { from: 0, to: NOON * 2 }, (_link, _operation, { count }) => {
    calls += count;
  });
  expect(calls).toBe(5 * 360);
  expect(tiers.find(({ tier }) => tier === 'hour')).toEqual({ tier: 'hour', rows: 4 });
  // What of the last hour is not closed: five times ten minutes, and the newest minutes.
  expect(rowsRead).toBeLessThan(25);
  database.close();
});

test('steps of a second of all links are read from the sums, not from the facts', () => {
  const database = filled(1);
  const folding = { stepMicros: SECOND, links: null, operation: null, isTotal: true };
  const explain = foldFigures(database, { ...folding, window: { from: NOON, to: NOON + 5 * MINUTE } }, () => null);
  expect(explain.tiers).toEqual([{ tier: 'totalSecond', rows: 30 }]);
  database.close();
});

test('an edge whose facts have expired is left out, and the answer says by how many exchanges it is inexact', () => {
  const database = filled(1);
  database.prepare("UPDATE meta SET value = ? WHERE name = 'facts_from'").run(NOON + 30 * MINUTE);
  const window = { from: NOON + 5 * MINUTE + 15 * SECOND, to: NOON + 20 * MINUTE };
  expect(readFigures(database, window, () => {}).partial).toEqual([
    { reason: 'expired', before: NOON + 30 * MINUTE, exchanges: 2 },
  ]);
  database.close();
});

test('an edge just behind what has expired is added, not taken out', () => {
  const database = filled(1);
  const kept = NOON + 30 * MINUTE + 5 * SECOND;
  database.prepare("UPDATE meta SET value = ? WHERE name = 'facts_from'").run(kept);
  const window = { from: kept + 10 * SECOND, to: NOON + 40 * MINUTE };
  let calls = 0;
  const { partial } = readFigures(database, window, (_link, _operation, { count }) => {
    calls += count;
  });
  expect(partial).toEqual([]);
  // There are no facts here: with the minute of the edge taken whole, there would be 60.
  expect(calls).toBe(54);
  database.close();
});

test('a window that begins before what is kept is told to be partial', () => {
  const database = filled(1);
  database.prepare("INSERT INTO meta VALUES ('rollups_since', ?)").run(NOON);
  const partial = (from: number) => readFigures(database, { from, to: NOON + MINUTE }, () => {}).partial;
  expect(partial(NOON)).toEqual([]);
  expect(partial(NOON - 1)).toEqual([{ reason: 'expired', before: NOON, exchanges: null }]);
  database.close();
});

function findingsOf(database: Database): readonly string[] {
  const findings: string[] = [];
  checkTiers(database, (finding) => findings.push(finding));
  return findings;
}

test('a tier that was damaged is found', () => {
  const database = filled(2);
  expect(findingsOf(database)).toEqual([]);
  // The first cell of the first band counts one more: link, operation, count.
  const band = database.prepare<[], { key: number; cells: Buffer }>('SELECT * FROM band_hour LIMIT 1').get();
  band?.cells.writeUInt8(band.cells.readUInt8(2) + 1, 2);
  database.prepare('UPDATE band_hour SET cells = ? WHERE key = ?').run(band?.cells, band?.key);
  database.exec(
    'DELETE FROM rollup_total WHERE seconds = 60 AND bucket = (SELECT min(bucket) FROM rollup_total WHERE seconds = 60)',
  );
  expect(findingsOf(database)).toHaveLength(2);
  database.close();
});

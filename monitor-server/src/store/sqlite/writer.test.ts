import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Database } from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CALL, createReporter, MINUTE, NOON, SECOND } from '../testing/estate.ts';
import { committedOf } from './committed-parts.ts';
import { openForReading, openForWriting } from './open-database.ts';
import { createReader, type Reader } from './reader.ts';
import { createWriter, type Writer } from './writer.ts';

let folder = '';
let database: Database;
let writer: Writer;
let reader: Reader;
const bank = createReporter({ name: 'bank', port: 4611 });
const window = { from: NOON - MINUTE, to: NOON + MINUTE };

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'soa-writer-'));
  database = openForWriting(join(folder, 'a.db'));
  writer = createWriter(database, { clock: () => NOON, retentionMicros: 30 * 24 * 60 * MINUTE });
  reader = createReader(openForReading(join(folder, 'a.db')));
});
afterEach(() => {
  reader.close();
  writer.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('a writer', () => {
  const append = (count: number) => {
    const call = { ...CALL, path: `/bank/${'x'.repeat(900)}` };
    const rows = Array.from({ length: count }, (_, index) => bank.served({ start: NOON + index, call }));
    return { report: bank.report(rows), receipt: bank.receipt(NOON) };
  };
  const settle = { now: NOON + SECOND, waitMicros: 1, silentMicros: MINUTE };

  it('stores nothing of a commit for which the disk is full, and goes on when there is room again', () => {
    writer.commitOne('append', append(3));
    const pages = Number(database.pragma('page_count', { simple: true }));
    database.pragma(`max_page_count = ${pages}`);
    const refused = append(5_000);
    expect(() => writer.commitOne('append', refused)).toThrow(/full/);
    database.pragma('max_page_count = 1000000');
    expect(reader.ask('accounting', NOON).stored).toBe(3);
    writer.commitOne('append', refused);
    writer.commitOne('settle', settle);
    expect(reader.ask('topology', { window, level: 'endpoint' }).links).toMatchObject([{ count: 5_003 }]);
    expect(reader.ask('check', null)).toEqual([]);
  });

  it('refuses to write when another process has written since', () => {
    writer.commitOne('append', append(1));
    database.exec("UPDATE meta SET value = value + 1 WHERE name = 'commit_seq'");
    expect(() => writer.commitOne('append', append(1))).toThrow(/written by another process/);
  });

  it('does many requests in one commit, and writes nothing for a settling that settles nothing', () => {
    const changes = () => Number(database.prepare('SELECT total_changes() AS n').pluck().get());
    const { committed } = writer.commit([
      { kind: 'append', request: append(2) },
      { kind: 'append', request: append(2) },
      { kind: 'settle', request: settle },
    ]);
    expect(committed).toMatchObject({ commitSeq: 1 });
    expect(committed === null ? [] : committedOf(committed).feed.exchanges).toHaveLength(4);
    const before = changes();
    expect(writer.commitOne('settle', settle).committed).toBeNull();
    expect(changes()).toBe(before);
  });
});

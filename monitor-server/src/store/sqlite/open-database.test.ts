import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStore } from '../open-store.ts';
import { MIGRATIONS } from './migrations.ts';
import { openForWriting } from './open-database.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'soa-open-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('a database', () => {
  it('that is new can give back the pages of what is forgotten, and commits durably', () => {
    const database = openForWriting(join(folder, 'a.db'));
    const pragma = (name: string): unknown => database.pragma(name, { simple: true });
    expect([pragma('auto_vacuum'), pragma('journal_mode'), pragma('synchronous')]).toEqual([2, 'wal', 2]);
    expect(pragma('user_version')).toBe(MIGRATIONS.length);
    database.close();
  });

  it('of a newer version is refused in one line', async () => {
    const path = join(folder, 'a.db');
    const database = openForWriting(path);
    database.pragma(`user_version = ${MIGRATIONS.length + 1}`);
    database.close();
    await expect(openStore({ path })).rejects.toThrow(
      `The database ${path} is of version ${MIGRATIONS.length + 1}; this program knows versions up to ${MIGRATIONS.length}.`,
    );
  });

  it('in a folder that is not there is refused in one line', async () => {
    const path = join(folder, 'nowhere', 'a.db');
    await expect(openStore({ path })).rejects.toThrow(/^The database .*a\.db cannot be written: is its folder there/);
  });

  it('that is a folder is refused in one line', async () => {
    const path = join(folder, 'a.db');
    mkdirSync(path);
    await expect(openStore({ path })).rejects.toThrow(/^The database .*a\.db cannot be written/);
  });

  it('that is no database is refused in one line', async () => {
    const path = join(folder, 'a.db');
    writeFileSync(path, 'this is no database, but it is long enough to be looked at as one'.repeat(20));
    await expect(openStore({ path })).rejects.toThrow(/^The database .*a\.db is damaged/);
  });

  it('that another process locks is refused in one line', () => {
    const path = join(folder, 'a.db');
    openForWriting(path).close();
    const other = new SqliteDatabase(path);
    other.pragma('locking_mode = EXCLUSIVE');
    other.exec('BEGIN EXCLUSIVE');
    expect(() => openForWriting(path, 10)).toThrow(/^The database .*a\.db is in use by another process/);
    other.close();
  });
});

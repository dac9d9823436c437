import SqliteDatabase from 'better-sqlite3';
import { expect, it } from 'vitest';
import { inSnapshot } from './snapshot.ts';

it('a question that fails, at its very first read or later, leaves no snapshot open for those after it', () => {
  const database = new SqliteDatabase(':memory:');
  let fails = true;
  database.function('read_page', () => {
    if (fails) throw new Error('disk I/O error');
    return 7;
  });
  database.exec("CREATE VIEW meta AS SELECT 'commit_seq' AS name, read_page() AS value");
  expect(() => inSnapshot(database, ({ commitSeq }) => commitSeq)).toThrow('disk I/O error');
  fails = false;
  expect(() =>
    inSnapshot(database, () => {
      throw new Error('another');
    }),
  ).toThrow('another');
  expect(inSnapshot(database, ({ commitSeq }) => commitSeq)).toBe(7);
  expect(database.inTransaction).toBe(false);
  database.close();
});

import { existsSync } from 'node:fs';
import type { Database } from 'better-sqlite3';
import type { StoreMaintenance } from '../maintenance.ts';
import { backupDatabase } from './backup.ts';
import { checkDatabase } from './check.ts';
import { MIGRATIONS, refuseNewer, versionOf } from './migrations.ts';
import { openForReading, openForWriting } from './open-database.ts';
import { rebuildRollups } from './rebuild.ts';

/** Each work opens the database and closes it again. */
export function createMaintenance(path: string): StoreMaintenance {
  return {
    migrate() {
      const from = reading(path, (database) => refuseNewer(database, path));
      openForWriting(path).close();
      return { from, to: reading(path, versionOf) };
    },
    check: () => reading(path, (database) => checkDatabase(ofThisVersion(database, path))),
    async backup(to, settings) {
      reading(path, (database) => ofThisVersion(database, path));
      return backupDatabase(path, to, settings);
    },
    rebuild(onProgress) {
      reading(path, (database) => ofThisVersion(database, path));
      const database = openForWriting(path);
      try {
        return rebuildRollups(database, onProgress);
      } finally {
        database.close();
      }
    },
  };
}

function reading<Answer>(path: string, read: (database: Database) => Answer): Answer {
  if (!existsSync(path)) throw new Error(`There is no database ${path}: is the data folder the right one?`);
  const database = openForReading(path);
  try {
    return read(database);
  } finally {
    database.close();
  }
}

function ofThisVersion(database: Database, path: string): Database {
  const found = refuseNewer(database, path);
  if (found < MIGRATIONS.length)
    throw new Error(
      `The database ${path} is of version ${found}; this program reads version ${MIGRATIONS.length}: run soa-monitor migrate first.`,
    );
  return database;
}

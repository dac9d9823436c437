import type { Database } from 'better-sqlite3';
import { LONG_EXCHANGES } from './migrations/long-exchanges.ts';
import { partitions } from './migrations/partitions.ts';
import { rollupBands } from './migrations/rollup-bands.ts';
import { ROLLUP_TIERS } from './migrations/rollup-tiers.ts';

/**
 * Numbered, forward only: the version of a database is how many of these have run on it (`user_version`). A migration that
 * has been released is never edited; what changes is added as the next one.
 */
export const MIGRATIONS: readonly (string | ((database: Database) => void))[] = [
  `
  CREATE TABLE meta (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  INSERT INTO meta VALUES ('commit_seq', 0), ('observation_seq', 0), ('exchange_id', 0), ('state_seq', 0);

  CREATE TABLE process (
    number INTEGER PRIMARY KEY, reporter TEXT NOT NULL UNIQUE, machine TEXT NOT NULL, name TEXT NOT NULL,
    host_id TEXT NOT NULL, pid INTEGER NOT NULL, stack TEXT NOT NULL, listeners TEXT NOT NULL, advertised TEXT,
    remote_address TEXT NOT NULL, first_report_at INTEGER NOT NULL, last_report_at INTEGER NOT NULL,
    closing INTEGER NOT NULL, offset_applied INTEGER NOT NULL, offset_best INTEGER NOT NULL, soap_version TEXT NOT NULL,
    counters TEXT NOT NULL, counters_at INTEGER NOT NULL, stored INTEGER NOT NULL, expired INTEGER NOT NULL,
    exchange_no_max INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE acknowledged (
    process INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL, PRIMARY KEY (process, first)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE operation (number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
  INSERT INTO operation VALUES (0, '');
  CREATE TABLE call (
    number INTEGER PRIMARY KEY, owner TEXT NOT NULL, operation INTEGER NOT NULL, text TEXT NOT NULL, UNIQUE (owner, text)
  ) STRICT;
  CREATE TABLE fault (number INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE) STRICT;
  CREATE TABLE node (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, name TEXT NOT NULL, parent TEXT, address TEXT,
    monitored INTEGER NOT NULL, state TEXT, since INTEGER, reason TEXT, first_seen INTEGER NOT NULL, last_seen INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE link (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, source TEXT NOT NULL, target TEXT NOT NULL
  ) STRICT;

  CREATE TABLE observation (
    time INTEGER NOT NULL, seq INTEGER NOT NULL, exchange INTEGER NOT NULL, process INTEGER NOT NULL,
    exchange_no INTEGER NOT NULL, role INTEGER NOT NULL, call INTEGER NOT NULL, parent_no INTEGER,
    request_last INTEGER, reply_first INTEGER, reply_last INTEGER, end_offset INTEGER,
    request_bytes INTEGER NOT NULL, reply_bytes INTEGER NOT NULL, outcome INTEGER, status INTEGER NOT NULL, fault INTEGER,
    connection TEXT, ordinal INTEGER, ids TEXT, offset_micros INTEGER NOT NULL, placed INTEGER NOT NULL,
    parts INTEGER NOT NULL, PRIMARY KEY (time, seq)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE observation_key (
    process INTEGER NOT NULL, exchange_no INTEGER NOT NULL, time INTEGER NOT NULL, seq INTEGER NOT NULL,
    PRIMARY KEY (process, exchange_no)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE exchange (
    id INTEGER PRIMARY KEY, client_time INTEGER, client_seq INTEGER, server_time INTEGER, server_seq INTEGER,
    evidence INTEGER, ambiguous INTEGER NOT NULL, link INTEGER, parent INTEGER, received_at INTEGER NOT NULL,
    lost INTEGER NOT NULL, pending INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX exchange_pending ON exchange (id) WHERE pending != 0;
  CREATE TABLE child (parent INTEGER NOT NULL, exchange INTEGER NOT NULL, PRIMARY KEY (parent, exchange)) STRICT, WITHOUT ROWID;
  CREATE TABLE merged (old INTEGER PRIMARY KEY, survivor INTEGER NOT NULL) STRICT;

  CREATE TABLE rollup_minute (
    minute INTEGER NOT NULL, link INTEGER NOT NULL, operation INTEGER NOT NULL, count INTEGER NOT NULL,
    faults INTEGER NOT NULL, errors INTEGER NOT NULL, request_bytes INTEGER NOT NULL, reply_bytes INTEGER NOT NULL,
    histogram BLOB NOT NULL, PRIMARY KEY (minute, link, operation)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE state_change (
    at INTEGER NOT NULL, seq INTEGER NOT NULL, version INTEGER NOT NULL, node TEXT NOT NULL, state TEXT NOT NULL,
    reason TEXT NOT NULL, PRIMARY KEY (at, seq)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX state_change_node ON state_change (node, at, seq);

  CREATE TABLE view (id TEXT PRIMARY KEY, version INTEGER NOT NULL, settings TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE view_place (
    view TEXT NOT NULL, node TEXT NOT NULL, x REAL NOT NULL, y REAL NOT NULL, pinned INTEGER NOT NULL, charge REAL,
    PRIMARY KEY (view, node)
  ) STRICT, WITHOUT ROWID;
  `,
  `
  ALTER TABLE observation ADD COLUMN extras TEXT;
  `,
  // With a rowid: long texts lie badly in the tree of a table without one.
  `
  CREATE TABLE body (
    time INTEGER NOT NULL, seq INTEGER NOT NULL, message INTEGER NOT NULL, text TEXT NOT NULL, bytes INTEGER NOT NULL,
    truncated INTEGER NOT NULL, redacted INTEGER NOT NULL, rules TEXT NOT NULL, withheld TEXT,
    PRIMARY KEY (time, seq, message)
  ) STRICT;
  `,
  // What joining keeps: the clocks by which an exchange is placed, the pairs of clocks, the rounds before a message's last.
  `
  ALTER TABLE exchange ADD COLUMN clock_offset INTEGER;
  ALTER TABLE exchange ADD COLUMN clock_uncertainty INTEGER;
  CREATE TABLE clock_pair (
    first TEXT NOT NULL, second TEXT NOT NULL, offset_micros INTEGER NOT NULL, uncertainty_micros INTEGER NOT NULL,
    at INTEGER NOT NULL, PRIMARY KEY (first, second)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE attempt (
    process INTEGER NOT NULL, of INTEGER NOT NULL, time INTEGER NOT NULL, seq INTEGER NOT NULL,
    PRIMARY KEY (process, of, time, seq)
  ) STRICT, WITHOUT ROWID;
  `,
  ROLLUP_TIERS,
  partitions,
  LONG_EXCHANGES,
  rollupBands,
];

export const NEWEST_VERSION = MIGRATIONS.length;

/** Brings the database to the newest version, one transaction a migration. Throws one clear line for a newer database. */
export function migrate(database: Database, path: string): void {
  const found = refuseNewer(database, path);
  for (const [index, migration] of MIGRATIONS.entries()) {
    if (index < found) continue;
    database.transaction(() => {
      if (typeof migration === 'string') database.exec(migration);
      else migration(database);
      database.pragma(`user_version = ${index + 1}`);
    })();
  }
}

/** The version found. Throws one clear line for a newer one than this program knows. */
export function refuseNewer(database: Database, path: string): number {
  const found = versionOf(database);
  if (found > MIGRATIONS.length) {
    throw new Error(
      `The database ${path} is of version ${found}; this program knows versions up to ${MIGRATIONS.length}. Install a newer one, or give another data folder.`,
    );
  }
  return found;
}

export function versionOf(database: Database): number {
  const version: unknown = database.pragma('user_version', { simple: true });
  return typeof version === 'number' ? version : 0;
}

import type { Database } from 'better-sqlite3';

/** Up to this size SQLite looks at the whole file in about a second. */
const WHOLE_BYTES_MAX = 256 * 1024 * 1024;

/**
 * SQLite's own check of the file. A large one is looked at table by table, each with its indexes in a snapshot of its own, so
 * that none is held for long (the first also walks the free pages); pages that nothing refers to are then not found.
 */
export function checkIntegrity(database: Database, find: (finding: string) => void): void {
  const number = (pragma: string): number => Number(database.pragma(pragma, { simple: true }));
  const isSmall = number('page_count') * number('page_size') <= WHOLE_BYTES_MAX;
  for (const check of isSmall ? ['integrity_check'] : byTable(database)) {
    for (const { integrity_check: said } of database.prepare<[], { integrity_check: string }>(`PRAGMA ${check}`).all())
      if (said !== 'ok') find(`The file is damaged: ${said.replaceAll('\n', '; ')}.`);
  }
}

const byTable = (database: Database): readonly string[] => [
  'integrity_check(sqlite_schema)',
  ...database
    .prepare<[], { name: string }>("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    .all()
    .map(({ name }) => `integrity_check("${name}")`),
];

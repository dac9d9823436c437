import type { Database } from 'better-sqlite3';

/** When the exchanges of a link began: the first and the last. The last is written once a second of theirs. */
export interface LinkSeen {
  saw(link: number, at: number): void;
  flush(all: boolean): void;
}

interface Seen {
  first: number;
  last: number;
  /** As it stands in the table. */
  written: number;
}

const STEP_MICROS = 1_000_000;

export function createLinkSeen(database: Database): LinkSeen {
  const rows = database
    .prepare<[], { link: number; first_seen: number; last_seen: number }>('SELECT * FROM link_seen')
    .all();
  const put = database.prepare<[number, number, number]>('INSERT OR REPLACE INTO link_seen VALUES (?, ?, ?)');
  const links = new Map<number, Seen>(
    rows.map((row) => [row.link, { first: row.first_seen, last: row.last_seen, written: row.last_seen }]),
  );
  const changed = new Set<number>();
  const heldBack = new Set<number>();
  return {
    saw(link, at) {
      const seen = links.get(link);
      if (seen === undefined) {
        links.set(link, { first: at, last: at, written: at });
        changed.add(link);
        return;
      }
      if (at < seen.first) {
        seen.first = at;
        changed.add(link);
      }
      if (at <= seen.last) return;
      seen.last = at;
      if (at - seen.written >= STEP_MICROS) changed.add(link);
      else heldBack.add(link);
    },
    flush(all) {
      if (all) for (const link of heldBack) changed.add(link);
      for (const link of changed) {
        const seen = links.get(link);
        if (seen === undefined) continue;
        put.run(link, seen.first, seen.last);
        seen.written = seen.last;
        heldBack.delete(link);
      }
      changed.clear();
    },
  };
}

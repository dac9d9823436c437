import type { Database } from 'better-sqlite3';
import { firstStored, idOf, type Key, keyOf } from './exchange-key.ts';
import { type ObservationRow, parentOf, partnerOf } from './observation-row.ts';
import { perPartition } from './partitions.ts';

/** A record with who reported it. */
export type ReportedRow = ObservationRow & {
  readonly reporter: string;
  readonly machine: string;
  readonly name: string;
};

/** The rows of an exchange's halves; of the one that places it, what is known of the whole. */
export interface Rows {
  readonly id: string;
  readonly places: ReportedRow;
  readonly client: ReportedRow | null;
  readonly server: ReportedRow | null;
  /** The half that was seen and is not kept any more. */
  readonly expired: 'client' | 'server' | null;
}

/**
 * The rows of exchanges by id, for a connection that only reads: its statements are prepared once for each stretch, and a row is
 * read once for each question, whoever asks for it (a tree's exchanges all ask for their parents).
 */
export interface ExchangeRows {
  /** A question begins: what the last one read is forgotten. */
  begin(): void;
  /** Null: unknown, or not kept any more. */
  rowsOf(id: string): Rows | null;
  parentOf(rows: Rows): Rows | null;
  /** The exchanges that this one called, by the key of a half of each. */
  childrenOf(rows: Rows): readonly Rows[];
}

/** Rows kept for one question; beyond that they are read anew. */
const ROWS_MAX = 10_000;

export function createExchangeRows(database: Database): ExchangeRows {
  const partitionAt = database
    .prepare<[number, number], number>('SELECT number FROM partition WHERE to_time > ? AND from_time <= ?')
    .pluck();
  const observations = perPartition((number) =>
    database.prepare<[number, number], ReportedRow>(
      `SELECT o.*, p.reporter, p.machine, p.name FROM observation_${number} o JOIN process p ON p.number = o.process
       WHERE o.time = ? AND o.seq = ?`,
    ),
  );
  const children = perPartition((number) =>
    database.prepare<[number, number], Key>(
      `SELECT time, seq FROM child_${number} WHERE parent_time = ? AND parent_seq = ? ORDER BY time, seq`,
    ),
  );
  /** By `seq`, which no two have in common. Null: it is not kept any more. */
  const known = new Map<number, ReportedRow | null>();

  const row = ({ time, seq }: Key): ReportedRow | null => {
    const read = known.get(seq);
    if (read !== undefined && (read === null || read.time === time)) return read;
    const partition = partitionAt.get(time, time);
    const found = partition === undefined ? null : (observations(partition).get(time, seq) ?? null);
    if (known.size >= ROWS_MAX) known.clear();
    known.set(seq, found);
    return found;
  };
  /** By the key of either half. */
  const rowsAt = (key: Key): Rows | null => {
    const found = row(key);
    if (found === null) return null;
    const partner = partnerOf(found);
    const other = partner === null ? null : row(partner);
    const isClient = found.role === 1;
    const [client, server] = isClient ? [found, other] : [other, found];
    const expired = partner === null || other !== null ? null : isClient ? 'server' : 'client';
    return { id: idOf(firstStored(found, partner)), places: client ?? found, client, server, expired };
  };

  return {
    begin: () => known.clear(),
    rowsOf(id) {
      const key = keyOf(id);
      return key === null ? null : rowsAt(key);
    },
    parentOf(rows) {
      const parent = parentOf(rows.places);
      return parent === null ? null : rowsAt(parent);
    },
    childrenOf({ server }) {
      const partition = server === null ? undefined : partitionAt.get(server.time, server.time);
      if (server === null || partition === undefined) return [];
      return children(partition)
        .all(server.time, server.seq)
        .flatMap((key) => rowsAt(key) ?? []);
    },
  };
}

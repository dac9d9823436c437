import type { Database } from 'better-sqlite3';
import type { Key } from './exchange-key.ts';
import { listPartitions, perPartition } from './partitions.ts';

/** A record that gives its exchange the id: the one that was stored first. */
export interface PlacedRecord extends Key {
  readonly isAttributed: boolean;
  /** Null where that is not kept: its other half is there. */
  readonly receivedAt: number | null;
}

/** The records behind this key that began before `to`, by key; null for one that gives no id. Read in pages, as scan.ts does. */
export function* scanPlaces(
  database: Database,
  after: Key,
  to: number,
): Generator<{ readonly key: Key; readonly placed: PlacedRecord | null }> {
  const partitionsIn = listPartitions(database);
  const pages = perPartition((number) =>
    database.prepare<[number, number, number, number, number], PlaceRow>(
      `SELECT ${COLUMNS} FROM observation_${number}
       WHERE time >= ? AND time < ? AND (time, seq) > (?, ?) ORDER BY time, seq LIMIT ?`,
    ),
  );
  let { time, seq } = after;
  /** Stretches that ended at or before it are read. */
  let behind = time;
  while (time < to) {
    const [partition] = partitionsIn(Math.max(time, behind), to);
    if (partition === undefined) return;
    const rows = pages(partition.number).all(time, to, time, seq, PAGE);
    for (const row of rows) yield { key: { time: row.time, seq: row.seq }, placed: placedOf(row) };
    const last = rows[rows.length - 1];
    if (last === undefined || rows.length < PAGE) behind = partition.to;
    else [time, seq] = [last.time, last.seq];
  }
}

/** Null: there is none, or none any more, or the exchange has its id from another record. */
export function createPlaceLookup(database: Database): (key: Key) => PlacedRecord | null {
  const partitionsIn = listPartitions(database);
  const statements = perPartition((number) =>
    database.prepare<[number, number], PlaceRow>(
      `SELECT ${COLUMNS} FROM observation_${number} WHERE time = ? AND seq = ?`,
    ),
  );
  return ({ time, seq }) => {
    const [partition] = partitionsIn(time, time + 1);
    const row = partition && statements(partition.number).get(time, seq);
    return row === undefined ? null : placedOf(row);
  };
}

const PAGE = 1_000;
const COLUMNS = 'time, seq, partner_seq, received_after, link';

interface PlaceRow extends Key {
  readonly partner_seq: number | null;
  readonly received_after: number | null;
  readonly link: number | null;
}

function placedOf({ time, seq, partner_seq, received_after, link }: PlaceRow): PlacedRecord | null {
  if (partner_seq !== null && partner_seq < seq) return null;
  const receivedAt = received_after === null ? null : time + received_after;
  return { time, seq, isAttributed: link !== null, receivedAt };
}

import type { Database } from 'better-sqlite3';
import { stretchTables } from './partition-tables.ts';

/** A stretch of time [from, to) whose facts lie in tables of their own. No two overlap. */
export interface Partition {
  readonly number: number;
  readonly from: number;
  to: number;
  observations: number;
  hasBodies: boolean;
}

/** The stretches as the writer knows them. */
export interface Partitions {
  /** The stretch of this time; it begins to exist when there is none. */
  of(time: number): Partition;
  find(time: number): Partition | null;
  /** A record of this process was written: what accounting must give back when the stretch goes. */
  wrote(partition: Partition, process: number, rows: number, isNew: boolean): void;
  /** Drops the tables. Gives how many rows went, by process. */
  drop(partition: Partition): readonly { readonly process: number; readonly rows: number }[];
  dropBodies(partition: Partition): void;
  /** Oldest first. */
  all(): readonly Partition[];
  flush(): void;
}

export interface PartitionBounds {
  readonly lengthMicros: number;
  /** A stretch that has so many observations ends behind its last one. */
  readonly observationsMax: number;
}

export const HOUR_MICROS = 3_600_000_000;
const OBSERVATIONS_MAX = 2_000_000;
/** Stretches at a time, about: with a long retention they are longer, so that the list of tables stays short. */
const PARTITIONS = 720;

export const boundsFor = (retentionMicros: number): PartitionBounds => ({
  lengthMicros: HOUR_MICROS * Math.max(1, Math.ceil(retentionMicros / PARTITIONS / HOUR_MICROS)),
  observationsMax: OBSERVATIONS_MAX,
});

export function createPartitions(database: Database, bounds: PartitionBounds): Partitions {
  const insert = database.prepare<[number, number, number]>('INSERT INTO partition VALUES (?, ?, ?, 0, 1)');
  const update = database.prepare<[number, number, number, number]>(
    'UPDATE partition SET to_time = ?, observations = ?, has_bodies = ? WHERE number = ?',
  );
  const remove = database.prepare<[number]>('DELETE FROM partition WHERE number = ?');
  const addRows = database.prepare<[number, number, number]>(
    `INSERT INTO partition_process VALUES (?, ?, ?)
     ON CONFLICT (partition, process) DO UPDATE SET rows = rows + excluded.rows`,
  );
  const rowsOf = database.prepare<[number], { process: number; rows: number }>(
    'SELECT process, rows FROM partition_process WHERE partition = ?',
  );
  const removeRows = database.prepare<[number]>('DELETE FROM partition_process WHERE partition = ?');
  const known: Partition[] = listPartitions(database)(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER).map((row) => ({
    ...row,
  }));
  const written = new Map<Partition, Map<number, number>>();
  let latest: Partition | null = null;
  let nextNumber = known.reduce((highest, { number }) => Math.max(highest, number), 0) + 1;

  const find = (time: number): Partition | null => {
    if (latest !== null && time >= latest.from && time < latest.to) return latest;
    const found = known.find(({ from, to }) => time >= from && time < to) ?? null;
    if (found !== null) latest = found;
    return found;
  };
  const add = (from: number, to: number): Partition => {
    const number = nextNumber++;
    database.exec(stretchTables(number));
    insert.run(number, from, to);
    const partition = { number, from, to, observations: 0, hasBodies: true };
    const index = known.findIndex((other) => other.from >= to);
    known.splice(index < 0 ? known.length : index, 0, partition);
    latest = partition;
    return partition;
  };
  const write = (partition: Partition): void =>
    void update.run(partition.to, partition.observations, partition.hasBodies ? 1 : 0, partition.number);
  /** Ends a full stretch behind its last observation; what is left of it begins anew. */
  const close = (partition: Partition): void => {
    const last = database
      .prepare<[], { time: number | null }>(`SELECT max(time) AS time FROM observation_${partition.number}`)
      .get();
    const end = (last?.time ?? partition.to) + 1;
    if (end >= partition.to) return;
    const { to } = partition;
    partition.to = end;
    write(partition);
    add(end, to);
  };

  return {
    find,
    of(time) {
      const found = find(time);
      if (found !== null) return found;
      const aligned = Math.floor(time / bounds.lengthMicros) * bounds.lengthMicros;
      const before = known.findLast(({ to }) => to <= time);
      const after = known.find(({ from }) => from > time);
      return add(
        Math.max(aligned, before?.to ?? aligned),
        Math.min(aligned + bounds.lengthMicros, after?.from ?? Number.MAX_SAFE_INTEGER),
      );
    },
    wrote(partition, process, rows, isNew) {
      if (isNew) partition.observations++;
      const byProcess = written.get(partition) ?? new Map<number, number>();
      written.set(partition, byProcess);
      byProcess.set(process, (byProcess.get(process) ?? 0) + rows);
    },
    drop(partition) {
      const rows = rowsOf.all(partition.number);
      for (const table of ['observation', 'child', 'attempt', 'body'])
        database.exec(`DROP TABLE IF EXISTS ${table}_${partition.number}`);
      remove.run(partition.number);
      removeRows.run(partition.number);
      known.splice(known.indexOf(partition), 1);
      latest = null;
      return rows;
    },
    dropBodies(partition) {
      database.exec(`DROP TABLE body_${partition.number}`);
      partition.hasBodies = false;
      write(partition);
    },
    all: () => known,
    flush() {
      for (const [partition, byProcess] of written) {
        for (const [process, rows] of byProcess) if (rows !== 0) addRows.run(partition.number, process, rows);
        write(partition);
      }
      const touched = [...written.keys()];
      written.clear();
      for (const partition of touched) if (partition.observations >= bounds.observationsMax) close(partition);
    },
  };
}

/** The stretches that touch [from, to), oldest first, as they stand in the database. */
export function listPartitions(database: Database): (from: number, to: number) => readonly Readonly<Partition>[] {
  const select = database.prepare<[number, number], PartitionRow>(
    'SELECT * FROM partition WHERE to_time > ? AND from_time < ? ORDER BY from_time',
  );
  return (from, to) =>
    select.all(from, to).map((row) => ({
      number: row.number,
      from: row.from_time,
      to: row.to_time,
      observations: row.observations,
      hasBodies: row.has_bodies === 1,
    }));
}

interface PartitionRow {
  readonly number: number;
  readonly from_time: number;
  readonly to_time: number;
  readonly observations: number;
  readonly has_bodies: number;
}

/** Statements of stretches, kept at a time: those of the past are prepared again when they are asked for. */
const STATEMENTS_MAX = 256;

/** What is prepared once for each stretch. */
export function perPartition<Prepared>(prepare: (number: number) => Prepared): (number: number) => Prepared {
  const known = new Map<number, Prepared>();
  return (number) => {
    const found = known.get(number);
    if (found !== undefined) return found;
    const prepared = prepare(number);
    known.set(number, prepared);
    const [oldest] = known.size > STATEMENTS_MAX ? known.keys() : [];
    if (oldest !== undefined) known.delete(oldest);
    return prepared;
  };
}

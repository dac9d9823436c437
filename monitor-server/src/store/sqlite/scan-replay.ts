import { outcomeCode } from '@soa-monitor/protocol';
import type { Database } from 'better-sqlite3';
import { UNKNOWN_OPERATION } from './half.ts';
import { IS_PLACING } from './partition-tables.ts';
import { listPartitions, type Partition, perPartition } from './partitions.ts';
import { createReplayRows, putFolded, putRow, REPLAY_FLAGS, type ReplayRow, type ReplayRows } from './replay-rows.ts';
import { foldScanned, type Scan, scanOne } from './scan.ts';

/**
 * Scans the exchanges of `scanExchanges`, oldest first, in columns of numbers: without those that are not attributed yet
 * and without rounds before a message's last. Each page is filled anew, and one scan is at work at a time. An exchange
 * where the other half has a say (a lost client, an operation that only the server could read), or whose other half lies
 * in another stretch, is folded whole.
 */
export interface ReplayScan {
  within(scan: Omit<Scan, 'newestFirst'>): Generator<ReplayRows>;
  /** Those that began at these times, given in order. */
  startedAt(starts: readonly number[], between?: () => void): Generator<ReplayRows>;
}

export const scanForReplay = (database: Database, operationOfCall: (call: number) => number): ReplayScan =>
  scanRows(database, selectForReplay, operationOfCall);

/** The same without ids and the other three times, and without operations unless they can be told: what figures need. */
export const scanForCounts = (
  database: Database,
  operationOfCall: (call: number) => number = () => NO_CALL,
): ReplayScan => scanRows(database, selectForCounts, operationOfCall);

const NO_CALL = -1;
const PAGE = 2_000;
/** Times that are looked up before the stretches are asked for anew. */
const STARTS_PER_TURN = 500;

function scanRows(
  database: Database,
  select: (number: number) => string,
  operationOfCall: (call: number) => number,
): ReplayScan {
  const partitionsIn = listPartitions(database);
  const pages = perPartition((number) =>
    database.prepare<[number, number, number, number, number], ReplayRow>(select(number)).raw(),
  );
  const one = scanOne(database);
  const rows = createReplayRows(PAGE);
  const put = (row: ReplayRow): void => {
    const [time, seq, idTime, idSeq, link, call, flags] = row;
    const operation = operationOfCall(call);
    if (needsWhole(flags, operation)) {
      const scanned = one(time, seq);
      putFolded(rows, { ...scanned, idTime, idSeq, link }, foldScanned(scanned));
    } else putRow(rows, row, operation);
  };
  /** Fills the rows with a page, and gives the key that the next one is behind; null: there is none. */
  const fill = ({ number }: Pick<Partition, 'number'>, from: number, to: number, time: number, seq: number) => {
    const found = pages(number).all(from, to, time, seq, PAGE);
    rows.count = 0;
    for (const row of found) put(row);
    const last = found[found.length - 1];
    return last === undefined || found.length < PAGE ? null : { time: last[0], seq: last[1] };
  };

  return {
    *within({ from, to, after, between }) {
      let key = { time: after?.time ?? from, seq: after?.seq ?? -1 };
      /** Stretches that ended at or before it are read. */
      let behind = from;
      for (;;) {
        const [partition] = partitionsIn(Math.max(key.time, behind), to);
        if (partition === undefined) return;
        const next = fill(partition, key.time, to, key.time, key.seq);
        if (rows.count > 0) yield rows;
        if (next === null) behind = partition.to;
        else key = next;
        between?.();
      }
    },
    *startedAt(starts, between) {
      let partition: Readonly<Partition> | undefined;
      for (const [index, start] of starts.entries()) {
        if (index % STARTS_PER_TURN === STARTS_PER_TURN - 1) {
          // Another view of the database may know other stretches.
          between?.();
          partition = undefined;
        }
        if (partition === undefined || start >= partition.to) partition = partitionsIn(start, start + 1)[0];
        if (partition === undefined) continue;
        let seq: number | null = -1;
        while (seq !== null) {
          seq = fill(partition, start, start + 1, start, seq)?.seq ?? null;
          if (rows.count > 0) yield rows;
        }
      }
    },
  };
}

function needsWhole(flags: number, operation: number): boolean {
  if ((flags & REPLAY_FLAGS.joined) === 0) return false;
  const isLostOpen = flags < REPLAY_FLAGS.outcome && (flags & REPLAY_FLAGS.lost) !== 0;
  return isLostOpen || (flags & REPLAY_FLAGS.astray) !== 0 || operation === UNKNOWN_OPERATION;
}

const columns = (id: string, flags: string): string => `o.time, o.seq, ${id}, o.link, o.call,
    o.role * ${REPLAY_FLAGS.client} + o.lost * ${REPLAY_FLAGS.lost}
      + (o.role = 1 AND o.partner_seq IS NOT NULL) * ${REPLAY_FLAGS.joined} ${flags}
      + coalesce(o.outcome + 1, 0) * ${REPLAY_FLAGS.outcome},
    o.end_offset, o.request_bytes, o.reply_bytes`;
const RANGE = `o.time >= ? AND o.time < ? AND (o.time, o.seq) > (?, ?) AND ${IS_PLACING} AND o.link IS NOT NULL
    AND o.outcome IS NOT ${outcomeCode('attempt')}
  ORDER BY o.time, o.seq LIMIT ?`;
const ID = `CASE WHEN o.partner_seq < o.seq THEN o.time + o.partner_after ELSE o.time END,
    CASE WHEN o.partner_seq < o.seq THEN o.partner_seq ELSE o.seq END`;
/** Of the other half: how much later than the deciding one's start it began, by that one's clock. */
const SHIFT = 'o.partner_after + coalesce(o.offset_micros - p.offset_micros - o.clock_offset, 0)';

const selectForReplay = (number: number): string => `
  SELECT ${columns(ID, `+ (p.seq IS NULL) * ${REPLAY_FLAGS.astray}`)},
    CASE WHEN o.role != 1 THEN coalesce(o.request_last, 0)
      WHEN p.seq IS NOT NULL THEN ${SHIFT} + coalesce(p.request_last, 0) END,
    CASE o.role WHEN 1 THEN ${SHIFT} + p.reply_first ELSE o.reply_first END,
    CASE o.role WHEN 1 THEN coalesce(o.reply_last, o.reply_first) END
  FROM observation_${number} o
    LEFT JOIN observation_${number} p ON o.role = 1 AND p.time = o.time + o.partner_after AND p.seq = o.partner_seq
  WHERE ${RANGE}`;
const selectForCounts = (number: number): string => `
  SELECT ${columns('0, 0', '')}, NULL, NULL, NULL FROM observation_${number} o WHERE ${RANGE}`;

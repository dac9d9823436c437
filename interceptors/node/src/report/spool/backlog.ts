import { join } from 'node:path';
import { codeOf, type Disk, isAbsent } from './disk.ts';
import type { InTurn } from './in-turn.ts';
import { type BacklogCounts, sumOfDrops } from './row-counts.ts';
import { bodyOf, NO_ROWS, packSegment, type Segment, type SegmentBody, segmentName, unpackSegment } from './segment.ts';
import { createTally } from './tally.ts';

/** Rows that come from disk, as they will stand in a report. */
export interface SpooledBatch {
  readonly kind: 'spooled';
  readonly length: number;
  readonly body: SegmentBody;
}

export const NOTHING: SpooledBatch = { kind: 'spooled', length: 0, body: NO_ROWS };

/**
 * The rows of one reporter that wait on disk, in one folder of their own, the oldest first. What is read or written runs in
 * turn: `take` and `keep` are called in turn, the others put their writing behind what is under way.
 */
export interface Backlog {
  readonly folder: string;
  /** The oldest rows, at most so many, all of one segment. Null when there are none. */
  take(rowsMax: number): Promise<SpooledBatch | 'notNow' | null>;
  settle(acknowledged: number, refused: number): void;
  giveBack(): void;
  discard(reason: string): void;
  /**
   * Writes the rows of a report. With `handOver` they are the last segment from then on, and it is called once they are, for
   * nobody must count them twice or not at all; else a copy of rows that memory still has, in place of the copy before. Gives the
   * name of what failed, and nothing has changed then; else null.
   */
  keep(rows: number, report: string, handOver: (() => void) | null): Promise<string | null>;
  /** What was kept last, and is the only segment, is on its way already. */
  countAsSent(): void;
  /** The copy is not needed any more: its rows went another way. */
  forgetCopy(): void;
  /** Makes room; false when there is nothing that could be dropped. */
  dropOldest(): boolean;
  counts(): BacklogCounts;
  /** That wait, without those on their way. */
  rows(): number;
  segments(): number;
  bytes(): number;
  /** Writes the manifest anew. */
  persist(): Promise<void>;
  exists(): boolean;
  remove(): Promise<void>;
}

export interface BacklogParts {
  readonly disk: Disk;
  readonly folder: string;
  readonly inTurn: InTurn;
  /** What the manifest says, given what is settled. */
  readonly manifest: (settled: BacklogCounts, settledThrough: number) => string;
  /** Called before the folder's first file; rejects when it cannot be had. */
  readonly prepare: () => Promise<void>;
  /** Makes room for so many bytes more; false when there is none. */
  readonly makeRoom: (bytes: number) => boolean;
  /** Whether the folder goes with its last segment. */
  readonly isRemovedWhenEmpty: boolean;
}

export const MANIFEST = 'manifest.json';
/** A segment that cannot be read for another reason than its content (too many open files, say) is tried so often. */
const READS_MAX = 3;

export function createBacklog(parts: BacklogParts, found: readonly Segment[] | null): Backlog {
  const { disk, folder, inTurn, manifest, prepare, makeRoom, isRemovedWhenEmpty } = parts;
  const segments: Segment[] = [...(found ?? [])];
  const settled = createTally();
  /** Of the first segment, where it is sent in parts. */
  let begun = createTally();
  let body: SegmentBody | null = null;
  let from = 0;
  let inTransit = 0;
  let reads = 0;
  let copy: Segment | null = null;
  /** Of all segments, so that asking for them costs nothing. */
  let rowsInAll = sumOf(segments, 'rows');
  let bytesInAll = sumOf(segments, 'bytes');
  let handed = rowsInAll;
  let next = (segments.at(-1)?.number ?? -1) + 1;
  let settledThrough = (segments[0]?.number ?? 0) - 1;
  let hasFolder = found !== null;

  const pathOf = (segment: Segment): string => join(folder, segmentName(segment));
  const removed = (segment: Segment): void => {
    rowsInAll -= segment.rows;
    bytesInAll -= segment.bytes;
  };

  const persist = async (): Promise<void> => {
    const counts = { handed, ...settled.counts(), inTransit: 0, queued: rowsInAll };
    await disk.write(join(folder, MANIFEST), Buffer.from(manifest(counts, settledThrough)));
  };

  /** The manifest first: a segment that is settled there and still on disk is not sent again, and not counted twice. */
  const forget = (segment: Segment): void => {
    void inTurn(async () => {
      if (!isRemovedWhenEmpty || segments.length > 0 || copy !== null) await persist().catch(() => {});
      await disk.remove(pathOf(segment)).catch(() => {});
      await removeIfEmpty();
    });
  };

  const removeIfEmpty = async (): Promise<void> => {
    if (!isRemovedWhenEmpty || segments.length > 0 || copy !== null || !hasFolder) return;
    hasFolder = false;
    await disk.remove(folder).catch(() => {});
  };

  /** The first segment, or a part of it, is through. */
  const advance = (rows: number): void => {
    from += rows;
    const [first] = segments;
    if (first === undefined || from < first.rows) return;
    segments.shift();
    removed(first);
    settled.add(begun);
    begun = createTally();
    body = null;
    from = 0;
    reads = 0;
    settledThrough = first.number;
    forget(first);
  };

  const dropFirst = (reason: string): void => {
    const rows = (segments[0]?.rows ?? 0) - from;
    begun.drop(reason, rows);
    advance(rows);
  };

  const read = async (segment: Segment): Promise<SegmentBody | 'damaged' | 'notNow'> => {
    const file = await disk.read(pathOf(segment)).catch((error: unknown) => (isAbsent(error) ? 'damaged' : 'notNow'));
    if (file === 'notNow') return ++reads < READS_MAX ? 'notNow' : 'damaged';
    if (file === 'damaged' || typeof file === 'string') return 'damaged';
    return bodyOf(await unpackSegment(segment, file)) ?? 'damaged';
  };

  return {
    folder,
    take: async (rowsMax) => {
      for (let first = segments[0]; first !== undefined; first = segments[0]) {
        const found = body ?? (await read(first));
        if (found === 'notNow') return 'notNow';
        if (found === 'damaged') {
          dropFirst('spoolDamaged');
          continue;
        }
        body = found;
        const rows = found.rows.slice(from, from + rowsMax);
        inTransit = rows.length;
        return { kind: 'spooled', length: rows.length, body: { ...found, rows } };
      }
      return null;
    },
    settle: (acknowledged, refused) => {
      const rows = inTransit;
      inTransit = 0;
      const refusedRows = Math.min(refused, rows);
      const acknowledgedRows = Math.min(acknowledged, rows - refusedRows);
      begun.settle(acknowledgedRows, refusedRows);
      begun.drop('unanswered', rows - refusedRows - acknowledgedRows);
      advance(rows);
    },
    giveBack: () => {
      inTransit = 0;
    },
    discard: (reason) => {
      const rows = inTransit;
      inTransit = 0;
      begun.drop(reason, rows);
      advance(rows);
    },
    keep: async (rows, report, handOver) => {
      const bytes = await packSegment(report).catch(() => null);
      if (bytes === null) return 'no memory';
      const before = copy;
      if (!makeRoom(bytes.byteLength - (before?.bytes ?? 0))) return 'no room';
      const segment = { number: next, rows, bytes: bytes.byteLength };
      const write = async (): Promise<null> => {
        if (!hasFolder) await prepare();
        await disk.write(pathOf(segment), bytes);
        return null;
      };
      const failure = await write().catch(codeOf);
      // The folder itself is gone: it is made again the next time.
      if (failure === 'ENOENT') hasFolder = false;
      if (failure !== null) return failure;
      hasFolder = true;
      copy = handOver === null ? segment : null;
      if (handOver !== null) {
        segments.push(segment);
        rowsInAll += rows;
        bytesInAll += segment.bytes;
        handed += rows;
        next++;
        handOver();
      }
      await persist().catch(() => {});
      if (before !== null && segmentName(before) !== segmentName(segment))
        await disk.remove(pathOf(before)).catch(() => {});
      return null;
    },
    countAsSent: () => {
      inTransit = segments[0]?.rows ?? 0;
    },
    forgetCopy: () => {
      const old = copy;
      copy = null;
      if (old === null) return;
      void inTurn(async () => {
        await disk.remove(pathOf(old)).catch(() => {});
        await removeIfEmpty();
      });
    },
    dropOldest: () => {
      // What is on its way stays: its answer may be here any moment.
      const index = inTransit > 0 || from > 0 ? 1 : 0;
      const [dropped] = segments.splice(index, 1);
      if (dropped === undefined) return false;
      removed(dropped);
      if (index === 0) {
        body = null;
        settledThrough = dropped.number;
      }
      settled.drop('spoolFull', dropped.rows);
      forget(dropped);
      return true;
    },
    counts: () => {
      const [done, part] = [settled.counts(), begun.counts()];
      return {
        handed,
        acknowledged: done.acknowledged + part.acknowledged,
        refused: done.refused + part.refused,
        inTransit,
        queued: rowsInAll - from - inTransit,
        dropped: sumOfDrops(done.dropped, part.dropped),
      };
    },
    rows: () => rowsInAll - from - inTransit,
    segments: () => segments.length,
    bytes: () => bytesInAll + (copy?.bytes ?? 0),
    persist,
    exists: () => hasFolder,
    remove: () => disk.remove(folder).catch(() => {}),
  };
}

const sumOf = (segments: readonly Segment[], what: 'rows' | 'bytes'): number =>
  segments.reduce((sum, segment) => sum + segment[what], 0);

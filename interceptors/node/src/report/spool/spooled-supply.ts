import { attempt, type Guard } from '../../tap/guarded.ts';
import type { RowCounts, RowQueue } from '../row-queue.ts';
import type { Supply } from '../supply.ts';
import { type Backlog, NOTHING, type SpooledBatch } from './backlog.ts';
import type { InTurn } from './in-turn.ts';
import { countsWith, sumOfDrops } from './row-counts.ts';

/** What the queue gives: rows that can be encoded into a report. */
export type Rows = ReturnType<RowQueue['take']>;

/** The rows of this process, wherever they wait: what is on disk is older, and goes first. */
export interface SpooledSupply extends Supply<Rows | SpooledBatch> {
  /** Brings to disk what memory holds. Only for when the monitor is away: it takes the rows out of the queue. */
  keep(): Promise<void>;
  counts(): RowCounts;
  isBehind(): boolean;
}

export interface SpooledSupplyParts {
  readonly queue: RowQueue;
  readonly backlog: Backlog;
  readonly inTurn: InTurn;
  readonly guard: Guard;
  /** A whole report of these rows, as it would go out now. */
  readonly encode: (rows: Rows) => string;
  /** Told what failed when the disk does not take rows. They stay in memory then, within its bounds. */
  readonly onFailure: (code: string) => void;
}

/** A segment has at most so many rows, */
const SEGMENT_ROWS_MAX = 1_000;
/** and memory it took, as the queue counts it. */
const SEGMENT_BYTES_MAX = 1024 * 1024;
/** With less than this it is a copy that is written anew as it grows: a quiet night must not end in files of one row each. */
const SEGMENT_ROWS_MIN = 200;
const SEGMENT_LENGTH_MIN = 256 * 1024;
/** Segments written in one go; what is left then waits for the next. */
const SEGMENTS_AT_ONCE_MAX = 64;

export function createSpooledSupply(parts: SpooledSupplyParts): SpooledSupply {
  const { queue, backlog, inTurn, guard, encode, onFailure } = parts;
  /** Where the batch on its way came from. */
  let source: 'nowhere' | 'disk' | 'queue' = 'nowhere';
  let sent: Rows | null = null;
  /** What became of the batch while it was being written to disk. */
  let isMoving = false;
  let whenMoved: (() => void) | null = null;
  let observedAtCopy = -1;
  /** Drops of a full queue while the disk failed are the disk's. */
  let fullWhenFailed: number | null = null;
  let failed = 0;

  const fullDrops = (): number => queue.counts().dropped.queueFull ?? 0;

  /** The end of the batch, said to where it is. */
  const finish = (work: (place: Pick<Backlog, 'settle' | 'giveBack' | 'discard'>) => void): void => {
    if (isMoving) {
      whenMoved = () => finish(work);
      return;
    }
    if (source === 'disk') work(backlog);
    else if (source === 'queue') work(queue);
    source = 'nowhere';
    sent = null;
  };
  /** Rows that memory held were sent or dropped: the copy on disk holds rows that are done with. */
  const end = (work: (place: Pick<Backlog, 'settle' | 'discard'>) => void): void =>
    finish((place) => {
      work(place);
      if (place !== queue) return;
      backlog.forgetCopy();
      observedAtCopy = -1;
    });

  const write = (rows: Rows, report: string | undefined, handOver: (() => void) | null): Promise<string | null> =>
    report === undefined ? Promise.resolve('no report') : backlog.keep(rows.length, report, handOver);

  /** What is on its way and not answered: its answer counts for the segment from then on. */
  const keepSent = async (rows: Rows): Promise<void> => {
    isMoving = true;
    const report = attempt(() => encode(rows));
    const failure = await write(rows, report, () => {
      queue.settle(rows.length, 0);
      backlog.countAsSent();
      source = 'disk';
    });
    isMoving = false;
    note(failure);
    whenMoved?.();
    whenMoved = null;
  };

  /** False when there is nothing more to write, or it cannot be written. */
  const keepNext = async (): Promise<boolean> => {
    const { observed } = queue.counts();
    if (observed === observedAtCopy || queue.size() === 0) return false;
    const rows = queue.take(SEGMENT_ROWS_MAX, SEGMENT_BYTES_MAX);
    const report = attempt(() => encode(rows));
    const isWhole = rows.length >= SEGMENT_ROWS_MIN || queue.size() > 0 || (report?.length ?? 0) > SEGMENT_LENGTH_MIN;
    const failure = await write(rows, report, isWhole ? () => queue.settle(rows.length, 0) : null);
    note(failure);
    if (failure === null && isWhole) return true;
    queue.giveBack();
    if (failure === null) observedAtCopy = observed;
    return false;
  };

  const note = (failure: string | null): void => {
    if (failure !== null) {
      fullWhenFailed ??= fullDrops();
      onFailure(failure);
    } else if (fullWhenFailed !== null) {
      failed += fullDrops() - fullWhenFailed;
      fullWhenFailed = null;
    }
  };

  const take = async (rowsMax: number, bytesMax: number): Promise<Rows | SpooledBatch> => {
    const spooled = rowsMax === 0 ? 'notNow' : await backlog.take(rowsMax);
    source = spooled === null ? 'queue' : 'disk';
    if (spooled !== null && spooled !== 'notNow') return spooled;
    const rows = spooled === null ? queue.take(rowsMax, bytesMax) : NOTHING;
    if (rows.length === 0) source = 'nowhere';
    else if (!('kind' in rows)) sent = rows;
    return rows;
  };

  const keepAll = async (): Promise<void> => {
    if (source === 'queue' && sent !== null && sent.length > 0) await keepSent(sent);
    if (source === 'queue') return;
    for (let i = 0; i < SEGMENTS_AT_ONCE_MAX && (await keepNext()); i++);
  };

  return {
    size: () => queue.size() + backlog.rows(),
    isBehind: () => backlog.rows() > 0,
    take: (rowsMax, bytesMax) => guard.settle(() => inTurn(() => take(rowsMax, bytesMax)), NOTHING),
    settle: (acknowledged, refused) => end((place) => place.settle(acknowledged, refused)),
    discard: (reason) => end((place) => place.discard(reason)),
    giveBack: () => finish((place) => place.giveBack()),
    keep: () => guard.settle(() => inTurn(keepAll), undefined),
    counts: () => {
      const counts = countsWith(queue.counts(), backlog.counts());
      const byDisk = failed + (fullWhenFailed === null ? 0 : fullDrops() - fullWhenFailed);
      if (byDisk === 0) return counts;
      return { ...counts, dropped: sumOfDrops(counts.dropped, { queueFull: -byDisk, spoolFailed: byDisk }) };
    },
  };
}

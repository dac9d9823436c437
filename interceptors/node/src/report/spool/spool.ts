import { join } from 'node:path';
import type { ReportHeader } from '@soa-monitor/protocol';
import type { Guard } from '../../tap/guarded.ts';
import type { Delivery } from '../delivery.ts';
import type { RowCounts, RowQueue } from '../row-queue.ts';
import { createAdoption } from './adoption.ts';
import { createBacklog } from './backlog.ts';
import type { Disk } from './disk.ts';
import { createTurns } from './in-turn.ts';
import { manifestText } from './manifest.ts';
import { folderOf, OWNER, ownerText } from './orphans.ts';
import { BEAT_MILLIS, readSelf } from './owner.ts';
import { countsWith } from './row-counts.ts';
import { createSpooledSupply, type SpooledSupply } from './spooled-supply.ts';

/** What the monitor cannot take now waits on disk, also for a later process. */
export interface Spool {
  readonly supply: SpooledSupply;
  /** Rows were queued. */
  wake(): void;
  /** The monitor took a report of this process: what others left behind can go, too. */
  reached(): void;
  /** Lets go of what is left: another process may send it. */
  close(): Promise<void>;
}

export interface SpoolParts {
  readonly folder: string;
  readonly bytesMax: number;
  readonly reporter: string;
  readonly queue: RowQueue;
  /** The header of a report of this process with these counts. */
  readonly describe: (counts: RowCounts) => ReportHeader;
  /** A whole report of these rows. */
  readonly encode: (rows: ReturnType<RowQueue['take']>) => string;
  /** Never rejects. */
  readonly post: (makeReport: () => string) => Promise<Delivery>;
  readonly guard: Guard;
  /** Whether the monitor is away, or silent for longer than it ought to be. */
  readonly isAway: () => boolean;
  readonly disk: Disk;
  readonly now: () => number;
  readonly random: () => number;
  readonly after: (millis: number, work: () => void) => () => void;
  readonly warn: (message: string) => void;
}

/** While the monitor is away, rows are in memory alone for so long at most. */
const KEEP_MILLIS = 1_000;
/** From so many rows on they go to disk at once. */
const KEEP_ROWS = 1_000;
/** How often it is looked whether another process left something behind. */
const ADOPT_MILLIS = 30_000;
const SEGMENTS_MAX = 10_000;

export function createSpool(parts: SpoolParts): Spool {
  const { folder, bytesMax, reporter, queue, describe, encode, post, isAway, guard, disk, now, random, after, warn } =
    parts;
  const inTurn = createTurns();
  const self = readSelf();
  const own = join(folder, folderOf(reporter));
  let isKeeping = false;
  let isClosed = false;

  const makeRoom = (bytes: number): boolean => {
    const backlogs = [...adoption.backlogs(), backlog];
    const sum = (of: (one: typeof backlog) => number): number => backlogs.reduce((all, one) => all + of(one), 0);
    const isFull = (): boolean =>
      sum((one) => one.bytes()) + bytes > bytesMax || sum((one) => one.segments()) >= SEGMENTS_MAX;
    while (isFull()) if (bytes > bytesMax || !backlogs.some((one) => one.dropOldest())) return false;
    return true;
  };

  const backlog = createBacklog(
    {
      disk,
      folder: own,
      inTurn,
      makeRoom,
      manifest: (settled, settledThrough) =>
        manifestText({ header: describe(countsWith(queue.counts(), settled)), settledThrough }),
      prepare: async () => {
        await disk.makeFolder(own);
        await disk.write(join(own, OWNER), ownerText(await self));
      },
      isRemovedWhenEmpty: true,
    },
    null,
  );
  const supply = createSpooledSupply({
    queue,
    backlog,
    inTurn,
    guard,
    encode,
    onFailure: (code) => warn(`rows cannot be spooled to ${folder} (${code}); they wait in memory`),
  });

  const keep = (): void => {
    if (isKeeping || isClosed) return;
    isKeeping = true;
    void supply.keep().then(() => {
      isKeeping = false;
    });
  };

  const adoption = createAdoption({
    ...{ folder, reporter, self, inTurn, makeRoom, guard, post, disk, now, random, after, warn },
    sentAt: () => describe(queue.counts()).sentAt,
  });

  const folders = (): readonly string[] => [
    ...adoption.backlogs().map((one) => one.folder),
    ...(backlog.exists() ? [own] : []),
  ];
  const beat = (): void => {
    for (const one of folders()) void inTurn(() => disk.touch(join(one, OWNER)).catch(() => {}));
  };

  let cancel: (() => void)[] = [];
  const every = (millis: number, work: () => void): void => {
    const index = cancel.length;
    const again = (): void => {
      cancel[index] = after(millis, () => {
        again();
        work();
      });
    };
    again();
  };
  adoption.look();
  every(ADOPT_MILLIS, adoption.look);
  every(BEAT_MILLIS, beat);
  every(KEEP_MILLIS, () => {
    if (isAway() || supply.isBehind()) keep();
  });

  return {
    supply,
    wake: () => {
      if (!isKeeping && queue.size() >= KEEP_ROWS && isAway()) keep();
    },
    reached: adoption.sendNext,
    close: async () => {
      isClosed = true;
      for (const stop of cancel) stop();
      cancel = [];
      adoption.stop();
      await inTurn(() => Promise.allSettled(folders().map((one) => disk.remove(join(one, OWNER)))));
    },
  };
}

import type { CellTuple, ExchangeTuple } from './live.ts';
import type { Replay } from './query-replay.ts';

/** The media type of a replay page in columns; `protocol/PROTOCOL.md` tells it byte by byte. */
export const REPLAY_MEDIA_TYPE = 'application/vnd.soa-monitor.replay';

/** "SMR" and the version of the form. */
export const PAGE_MAGIC: readonly number[] = [0x53, 0x4d, 0x52, 1];
export const PAGE_HAS_IDS = 1;
/** Of a shape byte: the low half is the outcome's code + 1 (0: in flight), the high half the times that are not known. */
export const ABSENT = { requestSent: 0x10, requestReceived: 0x20, replySent: 0x40, replyReceived: 0x80 } as const;
/** Of a cell's first number: its count is above these bits. */
export const CELL_HAS_FAULTS = 1;
export const CELL_HAS_ERRORS = 2;
/** All of the cell fell into one bucket: only that is told. */
export const CELL_ONE_BUCKET = 4;
export const CELL_COUNT_SCALE = 8;

/** What stands at the beginning of a page. */
export interface PageHead {
  readonly window: Replay['window'];
  readonly sample: number;
  /** Of all exchanges and cells in the page. */
  readonly version: number;
  /** The cursor with which the page was asked for; empty: the first. */
  readonly after: string;
  readonly cursor: string | null;
  /** What is few and stays readable: nodes, links and states. The decoder does not look into it. */
  readonly estate: unknown;
}

export interface ReplayPage extends PageHead {
  readonly exchanges: readonly ExchangeTuple[];
  readonly cells: readonly CellTuple[];
}

import { outcomeCode } from '@soa-monitor/protocol';
import type { FoldedExchange, FoldedHalf } from './fold-exchange.ts';

/** Exchanges as replay and pictures need them: columns of numbers, no object to a row, NaN for what is not known. */
export interface ReplayRows {
  count: number;
  /** Key of the half that places it. */
  readonly time: Float64Array;
  readonly seq: Float64Array;
  /** Its id's two numbers: the key of the half that was seen first. */
  readonly idTime: Float64Array;
  readonly idSeq: Float64Array;
  readonly link: Float64Array;
  readonly operation: Float64Array;
  /** −1: in flight. A lost one is told as aborted, without a duration, or a picture would show it in flight for ever. */
  readonly outcome: Float64Array;
  /** Whether figures count it: it ended, and was not merely lost. */
  readonly isCounted: Uint8Array;
  readonly requestSent: Float64Array;
  readonly requestReceived: Float64Array;
  readonly replySent: Float64Array;
  readonly replyReceived: Float64Array;
  readonly duration: Float64Array;
  readonly requestBytes: Float64Array;
  readonly replyBytes: Float64Array;
}

/**
 * Of one number of a row. Joined: a client's half that has another; astray: that one lies in another stretch, or in none
 * any more. Above the last: the outcome's code + 1, or 0 while in flight.
 */
export const REPLAY_FLAGS = { client: 1, lost: 2, joined: 4, astray: 8, outcome: 16 } as const;
const ABORTED = outcomeCode('aborted');

/** In the order of the select; the last three are offsets from `time`. */
export type ReplayRow = readonly [
  time: number,
  seq: number,
  idTime: number,
  idSeq: number,
  link: number,
  call: number,
  flags: number,
  end: number | null,
  requestBytes: number,
  replyBytes: number,
  received: number | null,
  sent: number | null,
  back: number | null,
];

export function createReplayRows(capacity: number): ReplayRows {
  const column = (): Float64Array => new Float64Array(capacity);
  return {
    count: 0,
    ...{ time: column(), seq: column(), idTime: column(), idSeq: column(), link: column(), operation: column() },
    ...{ outcome: column(), isCounted: new Uint8Array(capacity), duration: column() },
    ...{ requestSent: column(), requestReceived: column(), replySent: column(), replyReceived: column() },
    ...{ requestBytes: column(), replyBytes: column() },
  };
}

/** By the rules of `exchangeTimes`: the server's half is moved by the least that puts it inside the client's. */
export function putRow(rows: ReplayRows, row: ReplayRow, operation: number): void {
  const [time, seq, idTime, idSeq, link, , flags, end, requestBytes, replyBytes, received, sent, back] = row;
  const at = rows.count++;
  const isClient = (flags & REPLAY_FLAGS.client) !== 0;
  const isOpen = flags < REPLAY_FLAGS.outcome;
  const isLost = (flags & REPLAY_FLAGS.lost) !== 0;
  let move = 0;
  if (isClient && received !== null) {
    const early = back === null || sent === null ? 0 : Math.min(0, back - sent);
    move = received < 0 ? -received : Math.max(early, -received);
  }
  const replySent = sent === null ? Number.NaN : sent + move;
  rows.time[at] = time;
  rows.seq[at] = seq;
  rows.idTime[at] = idTime;
  rows.idSeq[at] = idSeq;
  rows.link[at] = link;
  rows.operation[at] = operation;
  rows.outcome[at] = !isOpen ? Math.floor(flags / REPLAY_FLAGS.outcome) - 1 : isLost ? ABORTED : -1;
  rows.isCounted[at] = isOpen ? 0 : 1;
  rows.duration[at] = isOpen ? Number.NaN : (end ?? 0);
  rows.requestSent[at] = isClient ? time : Number.NaN;
  rows.requestReceived[at] = received === null ? Number.NaN : time + received + move;
  rows.replySent[at] = time + (back === null || received === null ? replySent : Math.min(replySent, back));
  rows.replyReceived[at] = back === null ? Number.NaN : time + back;
  rows.requestBytes[at] = requestBytes;
  rows.replyBytes[at] = replyBytes;
}

/** An exchange that was folded from both halves. */
export function putFolded(
  rows: ReplayRows,
  exchange: {
    readonly time: number;
    readonly seq: number;
    readonly idTime: number;
    readonly idSeq: number;
    readonly link: number;
    readonly operation: number;
    readonly lost: boolean;
  },
  { outcome, durationMicros, times, decisive }: FoldedExchange<FoldedHalf>,
): void {
  const at = rows.count++;
  rows.time[at] = exchange.time;
  rows.seq[at] = exchange.seq;
  rows.idTime[at] = exchange.idTime;
  rows.idSeq[at] = exchange.idSeq;
  rows.link[at] = exchange.link;
  rows.operation[at] = exchange.operation;
  rows.outcome[at] = outcome !== null ? outcomeCode(outcome) : exchange.lost ? ABORTED : -1;
  rows.isCounted[at] = outcome === null ? 0 : 1;
  rows.duration[at] = durationMicros ?? Number.NaN;
  rows.requestSent[at] = times.requestSent ?? Number.NaN;
  rows.requestReceived[at] = times.requestReceived ?? Number.NaN;
  rows.replySent[at] = times.replySent ?? Number.NaN;
  rows.replyReceived[at] = times.replyReceived ?? Number.NaN;
  rows.requestBytes[at] = decisive.requestBytes;
  rows.replyBytes[at] = decisive.replyBytes;
}

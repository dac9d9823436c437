import type { Exchange } from '@soa-monitor/interceptor/core';
import type { MessageHead } from '../http/message-head.ts';

/** A request that was passed on and is not yet answered. */
export interface Pending {
  readonly head: MessageHead;
  /** Null: no SOAP, or too many are followed already. */
  readonly exchange: Exchange | null;
  /** Monotonic; null until its last byte was seen. */
  wholeAt: number | null;
}

/** What both directions of one connection know: the requests that wait for their replies, in order. */
export interface Dialogue {
  readonly pending: Pending[];
  /** The reader of this direction has given up, or it carries another protocol: bytes pass unseen. */
  isRequestBlind: boolean;
  isReplyBlind: boolean;
}

/** Pipelined further than this, a connection is not watched any more. */
export const PENDING_MAX = 1_000;

export const createDialogue = (): Dialogue => ({ pending: [], isRequestBlind: false, isReplyBlind: false });

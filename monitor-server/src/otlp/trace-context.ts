import { createHash } from 'node:crypto';

/** A traceparent as found in a message (W3C Trace Context, level 1). */
export interface TraceParent {
  readonly traceId: string;
  readonly spanId: string;
  readonly isSampled: boolean;
}

/** Null: it is none, or one that the recommendation calls invalid. */
export function readTraceparent(text: string | null | undefined): TraceParent | null {
  const match = TRACEPARENT.exec(text ?? '');
  const [, version, traceId, spanId, flags] = match ?? [];
  if (version === undefined || traceId === undefined || spanId === undefined || flags === undefined) return null;
  if (version === 'ff' || /^0+$/.test(traceId) || /^0+$/.test(spanId)) return null;
  return { traceId, spanId, isSampled: (Number.parseInt(flags, 16) & 1) === 1 };
}

/** A later version may have more behind the flags. */
const TRACEPARENT = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(?:$|-)/;

/**
 * Ids that are the same whenever they are made again. The salt tells one monitor's exchanges from those of another: their
 * numbers are the same. Neither id is all zeros, but for one in 2^64.
 */
export function createSpanIds(salt: string) {
  const hash = (what: string, id: string, digits: number): string =>
    createHash('sha256').update(`${salt} ${what} ${id}`).digest('hex').slice(0, digits);
  return {
    traceOf: (transaction: string): string => hash('transaction', transaction, 32),
    spanOf: (exchange: string, side: 'client' | 'server'): string => hash(side, exchange, 16),
  };
}

export type SpanIds = ReturnType<typeof createSpanIds>;

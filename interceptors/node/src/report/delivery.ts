import { attempt } from '../tap/guarded.ts';
import type { Posted } from './post.ts';

/** What became of a report. */
export type Delivery =
  | { readonly kind: 'accepted'; readonly acknowledged: number; readonly refused: number; readonly nextMillis: number }
  /** Try the same again later: the monitor is away, or busy. */
  | { readonly kind: 'later'; readonly waitMillis: number; readonly reason: string }
  /** This report as it is will never be taken: 400, 413, 415. */
  | { readonly kind: 'notTaken'; readonly reason: string }
  /** Not this reporter, or not this version: 401, 403, 404, 426 and what nobody expects. */
  | { readonly kind: 'notWelcome'; readonly reason: string };

export const INTERVAL_MILLIS_MIN = 20;
export const INTERVAL_MILLIS_MAX = 10_000;
export const INTERVAL_MILLIS_DEFAULT = 1_000;
/** A Retry-After beyond this is taken as this. */
const RETRY_AFTER_MILLIS_MAX = 120_000;

export function deliveryOf(posted: Posted, wallMillis: number): Delivery {
  if (posted.kind === 'unreachable') return { kind: 'later', waitMillis: 0, reason: posted.reason };
  const { status, body, retryAfter } = posted;
  const reason = `HTTP ${status}`;
  if (status >= 200 && status < 300) return accepted(body);
  if (status === 400 || status === 413 || status === 415) return { kind: 'notTaken', reason };
  if (status === 408 || status === 429 || status >= 500)
    return { kind: 'later', waitMillis: retryAfterMillis(retryAfter, wallMillis), reason };
  return { kind: 'notWelcome', reason };
}

/** An answer that is none (a proxy's page with status 200, say) acknowledged nothing. */
function accepted(body: string): Delivery {
  const answer: unknown = attempt(() => JSON.parse(body));
  const fields = typeof answer === 'object' && answer !== null ? answer : {};
  const acknowledged: unknown = Reflect.get(fields, 'acknowledged');
  const refused: unknown = Reflect.get(fields, 'refused');
  const next: unknown = Reflect.get(fields, 'nextReportMillis');
  if (typeof acknowledged !== 'number' || !Number.isSafeInteger(acknowledged) || acknowledged < 0)
    return { kind: 'notWelcome', reason: 'the answer is not a monitor’s' };
  return {
    kind: 'accepted',
    acknowledged,
    refused: Array.isArray(refused) ? refused.length : 0,
    nextMillis: typeof next === 'number' && next > 0 ? clampInterval(next) : INTERVAL_MILLIS_DEFAULT,
  };
}

const clampInterval = (millis: number): number => Math.min(Math.max(millis, INTERVAL_MILLIS_MIN), INTERVAL_MILLIS_MAX);

/** Seconds, or a date. */
function retryAfterMillis(header: string | null, wallMillis: number): number {
  if (header === null) return 0;
  const millis = /^\d+$/.test(header) ? Number(header) * 1_000 : Date.parse(header) - wallMillis;
  return Number.isFinite(millis) ? Math.min(Math.max(millis, 0), RETRY_AFTER_MILLIS_MAX) : 0;
}

import { REPORT_LIMITS } from '@soa-monitor/protocol';
import type { HashWish } from '../observation/body-hash.ts';
import { attempt } from '../tap/guarded.ts';
import type { Posted } from './post.ts';

/** What became of a report. */
export type Delivery =
  | {
      readonly kind: 'accepted';
      readonly acknowledged: number;
      readonly refused: number;
      readonly nextMillis: number;
      readonly hashWish: HashWish | null;
    }
  /** Try the same again later: the monitor is away, or busy; `isAnswered`: it says itself (5xx) that it could not. */
  | { readonly kind: 'later'; readonly waitMillis: number; readonly isAnswered: boolean; readonly reason: string }
  /** This report as it is will never be taken: 400, 413, 415. */
  | { readonly kind: 'notTaken'; readonly reason: string }
  /** Not this reporter, or not this version: 401, 403, 404, 426 and what nobody expects. */
  | { readonly kind: 'notWelcome'; readonly reason: string };

export const INTERVAL_MILLIS_MIN = 20;
export const INTERVAL_MILLIS_MAX = 10_000;
export const INTERVAL_MILLIS_DEFAULT = 1_000;
/** Addresses for which a hash of the body may be asked. */
const WISHES_MAX = 256;
/** A Retry-After beyond this is taken as this. */
const RETRY_AFTER_MILLIS_MAX = 120_000;

export function deliveryOf(posted: Posted, wallMillis: number): Delivery {
  if (posted.kind === 'unreachable') return { kind: 'later', waitMillis: 0, isAnswered: false, reason: posted.reason };
  const { status, body, retryAfter } = posted;
  const reason = `HTTP ${status}`;
  if (status >= 200 && status < 300) return accepted(body);
  if (status === 400 || status === 413 || status === 415) return { kind: 'notTaken', reason };
  if (status === 408 || status === 429 || status >= 500)
    return { kind: 'later', waitMillis: retryAfterMillis(retryAfter, wallMillis), isAnswered: status >= 500, reason };
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
    hashWish: hashWishOf(Reflect.get(fields, 'wantBodyHash'), Reflect.get(fields, 'wantServedHash')),
  };
}

/** Null when nothing is wished for; a list beyond its bound is cut. */
function hashWishOf(called: unknown, served: unknown): HashWish | null {
  const addresses = Array.isArray(called) ? called.slice(0, WISHES_MAX).filter(isAddress) : [];
  if (addresses.length === 0 && served !== true) return null;
  return { called: new Set(addresses.map((address) => address.toLowerCase())), served: served === true };
}

const isAddress = (value: unknown): value is string =>
  typeof value === 'string' && value.length <= REPORT_LIMITS.address;

const clampInterval = (millis: number): number => Math.min(Math.max(millis, INTERVAL_MILLIS_MIN), INTERVAL_MILLIS_MAX);

/** Seconds, or a date. */
function retryAfterMillis(header: string | null, wallMillis: number): number {
  if (header === null) return 0;
  const millis = /^\d+$/.test(header) ? Number(header) * 1_000 : Date.parse(header) - wallMillis;
  return Number.isFinite(millis) ? Math.min(Math.max(millis, 0), RETRY_AFTER_MILLIS_MAX) : 0;
}

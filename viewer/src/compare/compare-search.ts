import type { Window } from '@soa-monitor/protocol';

/** What of the compare page stands in its address, epoch µs; absent: the stretch of the same length just before the map's window. */
export interface CompareSearch {
  readonly from2?: number;
  readonly to2?: number;
  /** Whether what did not change is listed too. */
  readonly all?: 'yes';
}

export function readCompareSearch(raw: Record<string, unknown>): CompareSearch {
  const [from2, to2] = [timeOf(raw.from2), timeOf(raw.to2)];
  const window = from2 !== null && to2 !== null && from2 < to2 ? { from2, to2 } : {};
  return { ...window, ...(raw.all === 'yes' ? { all: 'yes' as const } : {}) };
}

/** The window that is compared with. */
export const otherWindow = ({ from2, to2 }: CompareSearch, shown: Window): Window =>
  from2 === undefined || to2 === undefined ? earlier(shown, shown.to - shown.from) : { from: from2, to: to2 };

/** The same stretch, so much earlier. */
export const earlier = ({ from, to }: Window, micros: number): Window => ({
  from: Math.max(0, from - micros),
  to: Math.max(1, to - micros),
});

function timeOf(raw: unknown): number | null {
  const value = typeof raw === 'string' || typeof raw === 'number' ? Number(raw) : Number.NaN;
  return Number.isSafeInteger(value) && value >= 0 ? value : null;
}

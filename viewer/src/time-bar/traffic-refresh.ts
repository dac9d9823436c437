import type { Traffic, Window } from '@soa-monitor/protocol';

/** The traffic that is known, up to which moment, and when it was last asked for as a whole. */
export interface KnownTraffic {
  readonly traffic: Traffic;
  readonly known: number;
  readonly wholeAt: number;
}

/**
 * What to ask so that a sliding window is known up to its end: only its newest part where the rest is known already, since a
 * page that stays open asks every few seconds. The newest half minute is asked again, for halves that arrive late; all of it
 * once a minute.
 */
export function windowToAsk(kept: KnownTraffic | null, window: Window): Window {
  const covers = kept !== null && kept.traffic.window.from <= window.from && kept.known > window.from;
  if (!covers || window.to - kept.wholeAt >= WHOLE_MICROS) return window;
  const { stepMicros } = kept.traffic;
  const from = Math.floor((kept.known - LATE_MICROS) / stepMicros) * stepMicros;
  return { from: Math.max(window.from, from), to: window.to };
}

/** The kept buckets, with those of the answer in place of the newest. Buckets before the window go. */
export function withAnswer(kept: KnownTraffic | null, answer: Traffic, window: Window): KnownTraffic {
  const isWhole = kept === null || answer.window.from <= window.from;
  if (isWhole) return { traffic: answer, known: window.to, wholeAt: window.to };
  const older = kept.traffic.buckets.filter(({ from }) => from >= window.from && from < answer.window.from);
  return {
    traffic: { window, stepMicros: answer.stepMicros, buckets: [...older, ...answer.buckets] },
    known: window.to,
    wholeAt: kept.wholeAt,
  };
}

const LATE_MICROS = 30_000_000;
const WHOLE_MICROS = 60_000_000;

import type { Traffic, Window } from '@soa-monitor/protocol';
import { useMemo, useRef } from 'react';
import { useParts } from '../app/session-context.tsx';
import { useAnswer } from '../app/use-answer.ts';
import { stepFor } from './time-scale.ts';
import { type KnownTraffic, windowToAsk, withAnswer } from './traffic-refresh.ts';
import { type TrafficSeries, trafficSeries } from './traffic-series.ts';

/** The traffic of a window that may slide: asked again calmly, and laid out for where the window stands now. */
export function useTraffic(shown: Window, now: number): ShownTraffic {
  const { api } = useParts();
  const kept = useRef<{ readonly key: string; readonly value: KnownTraffic }>(null);
  const stepMicros = stepFor(shown);
  const isSliding = shown.to >= Math.floor(now);
  const key = isSliding ? `traffic ${stepMicros}` : `traffic ${stepMicros} ${shown.from} ${shown.to}`;
  const from = Math.floor(shown.from / stepMicros) * stepMicros;
  const answer = useAnswer(
    key,
    async (signal) => {
      const before = kept.current?.key === key ? kept.current.value : null;
      const window = { from, to: shown.to };
      const asked = await api.traffic({ window: windowToAsk(before, window), stepMicros }, signal);
      if (asked.kind !== 'ok') return asked;
      const value = withAnswer(before, asked.value, window);
      kept.current = { key, value };
      return { kind: 'ok', value };
    },
    isSliding ? Math.min(MILLIS_MAX, Math.max(MILLIS_MIN, stepMicros / 2_000)) : MILLIS_MAX,
  );
  const { traffic, known } = answer.kind === 'ready' ? answer.value : NOTHING;
  const series = useMemo(() => trafficSeries(traffic, { from, to: shown.to }, known), [traffic, known, from, shown.to]);
  if (answer.kind === 'waiting') return { series, words: 'Loading …' };
  return { series, words: answer.kind === 'failed' ? answer.words : answer.problem };
}

/** `words` say why nothing, or nothing new, is shown. */
export interface ShownTraffic {
  readonly series: TrafficSeries;
  readonly words: string | null;
}

const MILLIS_MIN = 1_000;
const MILLIS_MAX = 10_000;
const NO_TRAFFIC: Traffic = { window: { from: 0, to: 0 }, stepMicros: 1_000_000, buckets: [] };
const NOTHING = { traffic: NO_TRAFFIC, known: 0 };

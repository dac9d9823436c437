import type { Traffic, Window } from '@soa-monitor/protocol';
import { type PanelApi, useChoices, useParts, useSession } from '../app/session-context.tsx';
import { type Known, useAnswer } from '../app/use-answer.ts';
import type { Answer } from '../feed/api.ts';
import { shownWindow, stepFor } from '../time-bar/time-scale.ts';
import type { Split } from './charts-search.ts';
import { type Part, partsOf } from './parts-of.ts';

/** The traffic of a window as the charts show it: all of it, or the parts of a split. */
export interface Charted {
  readonly window: Window;
  /** Up to here it is known, epoch µs. */
  readonly known: number;
  readonly charts: readonly { readonly part: Part; readonly traffic: Traffic }[];
  /** How many parts there are in all: only the busiest are drawn. */
  readonly parts: number;
}

export const PARTS_MAX = 12;
const REFRESH_MILLIS = 5_000;

/** Asks for what the time bar shows (a replay: its window), again and again while that slides. */
export function useCharts(split: Split | null): { readonly window: Window; readonly answer: Known<Charted> } {
  const { api, session } = useParts();
  const { spanMicros } = useChoices();
  const replayed = useSession(({ mode }) => (mode.kind === 'replay' ? mode.window : null));
  const second = useSession(({ now }) => Math.floor(now / SECOND));
  const window = replayed ?? { from: second * SECOND - spanMicros, to: second * SECOND };
  const stretch = replayed === null ? `live ${spanMicros}` : `${replayed.from} ${replayed.to}`;
  const answer = useAnswer(
    `charts ${split ?? 'all'} ${stretch}`,
    (signal) => {
      const { mode, now, delayMicros } = session.getSnapshot();
      // What began a moment ago has not been reported whole: a line that always falls at its end would be a lie.
      const known = Math.floor(now - Math.max(LATE_MICROS, 2 * delayMicros));
      return askCharts(api, shownWindow(mode, now, spanMicros, null), known, split, signal);
    },
    replayed === null ? REFRESH_MILLIS : 0,
  );
  return { window, answer };
}

const SECOND = 1_000_000;
/** Reports come each second at the latest, and a half waits two of them for its other half. */
const LATE_MICROS = 2 * SECOND;

async function askCharts(
  api: PanelApi,
  shown: Window,
  settled: number,
  split: Split | null,
  signal: AbortSignal,
): Promise<Answer<Charted>> {
  const stepMicros = stepFor(shown);
  const window = { from: Math.floor(shown.from / stepMicros) * stepMicros, to: shown.to };
  const known = Math.max(window.from + 1, Math.min(settled, shown.to));
  // What is divided by the time up to there must have begun before it.
  const counted = { from: window.from, to: known };
  if (split === null) {
    const answer = await api.traffic({ window: counted, stepMicros, latency: 'true' }, signal);
    if (answer.kind !== 'ok') return answer;
    return { kind: 'ok', value: { window, known, charts: [{ part: ALL, traffic: answer.value }], parts: 1 } };
  }
  const topology = await api.topology(counted, split === 'operation' ? 'operation' : 'endpoint', signal);
  if (topology.kind !== 'ok') return topology;
  const answer = await api.traffic({ window: counted, stepMicros, groupBy: split, limit: PARTS_MAX }, signal);
  if (answer.kind !== 'ok') return answer;
  const { groups = [], groupCount = groups.length } = answer.value;
  const parts = new Map(partsOf(topology.value, split).map((part) => [part.id, part]));
  const charts = groups.map(({ key, count, buckets }) => ({
    part: parts.get(key) ?? { id: key, name: key, count },
    traffic: { ...answer.value, buckets },
  }));
  return { kind: 'ok', value: { window, known, charts, parts: groupCount } };
}

const ALL: Part = { id: '', name: 'All traffic', count: 0 };

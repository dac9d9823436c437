import { formatDuration } from '../format/durations.ts';
import { formatCount, formatRate, formatShare } from '../format/numbers.ts';
import type { LinkReading, NodeReading } from './messages.ts';

/** A run of text in one style. */
export interface Run {
  readonly text: string;
  readonly style: 'name' | 'figure' | 'state' | 'bad' | 'quiet';
}

/** "12.4/s · p95 38 ms · 2.1 %"; what is not known is left out, never 0. Null: nothing to say. */
export function linkWords(reading: LinkReading, withInFlight: boolean): readonly Run[] | null {
  const runs: Run[] = [];
  if (reading.perSecond > 0) runs.push({ text: formatRate(reading.perSecond), style: 'figure' });
  if (reading.p95Micros !== null) runs.push({ text: `p95 ${formatDuration(reading.p95Micros)}`, style: 'figure' });
  if (reading.faultShare !== null) {
    runs.push({ text: formatShare(reading.faultShare), style: reading.faultShare > 0 ? 'bad' : 'quiet' });
  }
  if (withInFlight && reading.inFlight > 0) {
    runs.push({ text: `${formatCount(reading.inFlight)} in flight`, style: 'figure' });
  }
  return runs.length === 0 ? null : joined(runs);
}

/** "12.4/s" alone, of one operation among many that is well: what deviates is to be seen. Null: nothing to say. */
export const calmWords = (reading: LinkReading, withInFlight: boolean): readonly Run[] | null =>
  linkWords({ ...reading, p95Micros: null, faultShare: null }, withInFlight);

/** "up · 12.4/s": the state's own word, and the traffic if there is any. */
export function nodeWords(reading: NodeReading): readonly Run[] {
  const runs: Run[] = [];
  if (reading.state !== null) runs.push({ text: reading.state, style: 'state' });
  if (reading.absent) runs.push({ text: 'not seen', style: 'quiet' });
  else if (reading.perSecond > 0) runs.push({ text: formatRate(reading.perSecond), style: 'quiet' });
  return joined(runs);
}

const joined = (runs: readonly Run[]): readonly Run[] =>
  runs.flatMap((run, index) => (index === 0 ? [run] : [{ text: ' · ', style: 'quiet' } as const, run]));

import { useEffect, useRef } from 'react';
import { useSession } from '../app/session-context.tsx';
import { formatClock } from '../format/times.ts';
import type { ChartSeries } from './chart-series.ts';
import { type DrawnChart, drawChart } from './draw-chart.ts';
import type { Measure } from './measures.ts';

interface ChartProps {
  readonly measure: Measure;
  readonly series: ChartSeries;
  /** The top of the scale: small charts of one measure share it. */
  readonly top: number;
  readonly onPick: (from: number, to: number) => void;
}

/** The drawing, and what it says under the cursor. The cursor moves with the pointer, so its words go around React. */
export function Chart({ measure, series, top, onPick }: ChartProps) {
  const host = useRef<HTMLDivElement>(null);
  const words = useRef<HTMLParagraphElement>(null);
  const drawn = useRef<DrawnChart>(null);
  const newest = useRef({ series, onPick });
  const theme = useSession((snapshot) => snapshot.theme);
  useEffect(() => {
    newest.current = { series, onPick };
  });

  useEffect(() => {
    if (host.current === null) return;
    const made = drawChart(host.current, measure, {
      cursor(index) {
        if (words.current !== null) words.current.textContent = wordsAt(measure, newest.current.series, index);
      },
      picked: (from, to) => newest.current.onPick(from, to),
    });
    drawn.current = made;
    return () => {
      made.close();
      drawn.current = null;
    };
  }, [measure]);
  useEffect(() => drawn.current?.show(series, top), [series, top]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the theme's colours are read from the page when it is drawn
  useEffect(() => drawn.current?.redraw(), [theme]);

  return (
    <>
      <div ref={host} className="chart-plot" aria-hidden="true" />
      <p ref={words} className="chart-words small">
        {wordsAt(measure, series, null)}
      </p>
    </>
  );
}

/** What the bucket under the cursor says; without one, what the newest whole bucket says. */
function wordsAt(measure: Measure, series: ChartSeries, index: number | null): string {
  const newest = series.partial === null ? series.seconds.length - 1 : series.seconds.length - 2;
  const at = index ?? newest;
  const second = series.seconds[at];
  if (second === undefined) return '';
  const values = measure.lines.map(
    (line, column) => `${line.name} ${measure.words(series.lines[column]?.[at] ?? null)}`,
  );
  const isPartial = series.partial !== null && series.partial.from === second * 1_000_000;
  return `${formatClock(second * 1_000_000)} · ${values.join(' · ')}${isPartial ? ' · so far' : ''}`;
}

import type { Window } from '@soa-monitor/protocol';
import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import { useSession } from '../app/session-context.tsx';
import { formatClock, formatClockMinutes, formatDay } from '../format/times.ts';
import type { TrafficSeries } from './traffic-series.ts';

/** The bars, drawn by uPlot. Pointer and keyboard belong to the track above it. */
export function TrafficChart({ series, shown }: { readonly series: TrafficSeries; readonly shown: Window }) {
  const host = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot>(null);
  const theme = useSession((snapshot) => snapshot.theme);

  useEffect(() => {
    const element = host.current;
    if (element === null) return;
    const made = new uPlot(optionsOf(element), [[], [], []], element);
    chart.current = made;
    const watch = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height: element.clientHeight }));
    watch.observe(element);
    return () => {
      watch.disconnect();
      made.destroy();
      chart.current = null;
    };
  }, []);

  useEffect(() => {
    const made = chart.current;
    if (made === null) return;
    const top = Math.max(series.highest * 1.1, 1);
    made.batch(() => {
      made.setData([series.seconds, series.all, series.bad.map((rate) => seen(rate, top))], false);
      made.setScale('x', { min: shown.from / 1_000_000, max: shown.to / 1_000_000 });
      made.setScale('y', { min: 0, max: top });
    });
  }, [series, shown.from, shown.to]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the theme's colours are read from the page when it is drawn
  useEffect(() => chart.current?.redraw(), [theme]);

  return <div ref={host} className="plot" aria-hidden="true" />;
}

function optionsOf(element: HTMLElement): uPlot.Options {
  const colour = (name: string) => () => getComputedStyle(element).getPropertyValue(name).trim();
  const bars = uPlot.paths.bars?.({ size: [1, 48], align: 1, gap: 1 });
  const series = (fill: string): uPlot.Series => ({
    fill: colour(fill),
    width: 0,
    points: { show: false },
    ...(bars === undefined ? {} : { paths: bars }),
  });
  return {
    width: element.clientWidth,
    height: element.clientHeight,
    padding: [8, 0, 0, 0],
    legend: { show: false },
    cursor: { show: false },
    select: { show: false, left: 0, top: 0, width: 0, height: 0 },
    scales: { x: { time: true, auto: false }, y: { auto: false } },
    series: [{}, series('--bar'), series('--bar-bad')],
    axes: [
      {
        size: AXIS_PIXELS,
        gap: 2,
        space: 88,
        stroke: colour('--text-2'),
        font: "12px 'Inter Variable', system-ui, sans-serif",
        grid: { show: false },
        ticks: { stroke: colour('--line'), size: 4, width: 1 },
        values: (chart, splits, _axis, _space, increment) =>
          splits.map((second) =>
            isClear(chart.valToPos(second, 'x'), chart.width) ? axisWord(second, increment) : '',
          ),
      },
      { show: false },
    ],
  };
}

/** A fault among thousands of calls would be thinner than a pixel: what failed at all is drawn as one. */
const seen = (rate: number | null, top: number): number | null =>
  rate === null || rate === 0 ? rate : Math.max(rate, (1 / PLOT_PIXELS) * top);

/** A word so near an edge that it would be cut off is left out. */
const isClear = (left: number, width: number): boolean => left > WORD_PIXELS / 2 && left < width - WORD_PIXELS / 2;

const WORD_PIXELS = 72;
const AXIS_PIXELS = 20;
const PLOT_PIXELS = 60;

function axisWord(second: number, incrementSeconds: number): string {
  const at = second * 1_000_000;
  if (incrementSeconds < 60) return formatClock(at);
  return incrementSeconds < 86_400 ? formatClockMinutes(at) : formatDay(at);
}

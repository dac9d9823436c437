import uPlot from 'uplot';
import { formatClock, formatClockMinutes, formatDay } from '../format/times.ts';
import type { ChartSeries } from './chart-series.ts';
import { type Measure, scaleWords } from './measures.ts';

export interface DrawnChart {
  show(series: ChartSeries, top: number): void;
  redraw(): void;
  close(): void;
}

export interface ChartWishes {
  /** The bucket under the cursor, here or in another chart of the page; null: none. */
  readonly cursor: (index: number | null) => void;
  /** A stretch was picked by dragging, epoch µs. */
  readonly picked: (from: number, to: number) => void;
}

/** One chart, drawn by uPlot; all charts of the page share the cursor. */
export function drawChart(host: HTMLElement, measure: Measure, wishes: ChartWishes): DrawnChart {
  const chart = new uPlot(optionsOf(host, measure, wishes), [[], ...measure.lines.map(() => [])], host);
  const watch = new ResizeObserver(() => chart.setSize({ width: host.clientWidth, height: host.clientHeight }));
  watch.observe(host);
  return {
    show({ seconds, lines, stepMicros }, top) {
      chart.batch(() => {
        chart.setData([[...seconds], ...lines.map((line) => [...line])], false);
        const first = seconds[0] ?? 0;
        chart.setScale('x', { min: first, max: (seconds.at(-1) ?? first) + stepMicros / 1_000_000 });
        chart.setScale('y', { min: 0, max: top > 0 ? top * 1.1 : 1 });
      });
    },
    redraw: () => chart.redraw(),
    close() {
      watch.disconnect();
      chart.destroy();
    },
  };
}

function optionsOf(host: HTMLElement, measure: Measure, { cursor, picked }: ChartWishes): uPlot.Options {
  const colour = (name: string) => () => getComputedStyle(host).getPropertyValue(name).trim();
  const bars = uPlot.paths.bars?.({ size: [1, 48], align: 1, gap: 1 });
  const font = "12px 'Inter Variable', system-ui, sans-serif";
  return {
    width: host.clientWidth,
    height: host.clientHeight,
    // To the right: half of the last word on the time axis.
    padding: [8, 32, 0, 0],
    legend: { show: false },
    cursor: {
      sync: { key: 'charts', setSeries: false },
      drag: { x: true, y: false, setScale: false },
      points: { show: false },
      y: false,
    },
    scales: { x: { time: true, auto: false }, y: { auto: false } },
    series: [
      {},
      ...measure.lines.map(
        (line): uPlot.Series => ({
          stroke: colour(line.colour),
          width: line.filled ? 0 : 1.5,
          dash: [...line.dash],
          spanGaps: false,
          points: { show: !line.filled, size: 3, fill: colour(line.colour), width: 0, filter: isAlone },
          ...(line.filled ? { fill: colour(line.colour) } : {}),
          ...(line.filled && bars !== undefined ? { paths: bars } : {}),
        }),
      ),
    ],
    axes: [
      {
        size: 24,
        gap: 4,
        space: 68,
        stroke: colour('--text-2'),
        font,
        grid: { show: false },
        ticks: { stroke: colour('--line'), size: 4, width: 1 },
        values: (_chart, splits, _axis, _space, increment) => splits.map((second) => axisWord(second, increment)),
      },
      {
        size: 64,
        gap: 4,
        space: 32,
        stroke: colour('--text-2'),
        font,
        grid: { stroke: colour('--line'), width: 1 },
        ticks: { show: false },
        values: (_chart, splits) => splits.map((value) => scaleWords(measure, value)),
      },
    ],
    hooks: {
      setCursor: [(chart) => cursor(chart.cursor.idx ?? null)],
      setSelect: [
        (chart) => {
          const { left, width } = chart.select;
          if (width < PICK_PIXELS) return;
          picked(chart.posToVal(left, 'x') * 1_000_000, chart.posToVal(left + width, 'x') * 1_000_000);
          chart.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
        },
      ],
    },
  };
}

/** A value between two unknown ones has no line: it is drawn as a point. */
const isAlone: uPlot.Series.Points.Filter = (chart, index) => {
  const values = chart.data[index] ?? [];
  return [...values.keys()].filter((at) => values[at] != null && values[at - 1] == null && values[at + 1] == null);
};

const PICK_PIXELS = 6;

function axisWord(second: number, incrementSeconds: number): string {
  const at = second * 1_000_000;
  if (incrementSeconds < 60) return formatClock(at);
  return incrementSeconds < 86_400 ? formatClockMinutes(at) : formatDay(at);
}

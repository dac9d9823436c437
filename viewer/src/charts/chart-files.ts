import type { ChartSeries } from './chart-series.ts';
import { type CsvCell, csvText } from './csv-text.ts';
import type { Measure } from './measures.ts';

/** What one chart shows, a line for each bucket. */
export const csvOfChart = (title: string, measure: Measure, series: ChartSeries): string =>
  csvText([headOf(measure), ...rowsOf(title, series)]);

/** What all charts of one measure show, one below the other. */
export const csvOfCharts = (
  measure: Measure,
  charts: readonly { readonly title: string; readonly series: ChartSeries }[],
): string => csvText([headOf(measure), ...charts.flatMap(({ title, series }) => rowsOf(title, series))]);

const headOf = ({ lines, unit }: Measure): readonly CsvCell[] => [
  'chart',
  'from',
  'to',
  'whole',
  ...lines.map(({ name }) => `${name} (${unit})`),
];

/** A bucket that time has not passed yet ends where it is known, and is told not to be whole. */
const rowsOf = (title: string, { seconds, lines, stepMicros, partial }: ChartSeries): readonly (readonly CsvCell[])[] =>
  seconds.map((second, row) => {
    const from = second * 1_000_000;
    const isPartial = partial?.from === from;
    const to = isPartial ? partial.to : from + stepMicros;
    return [title, isoOf(from), isoOf(to), isPartial ? 'no' : 'yes', ...lines.map((line) => line[row] ?? null)];
  });

const isoOf = (micros: number): string => new Date(micros / 1_000).toISOString();

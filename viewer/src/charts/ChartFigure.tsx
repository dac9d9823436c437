import { Download, Table2 } from 'lucide-react';
import { useId } from 'react';
import { IconButton } from '../app/IconButton.tsx';
import { formatDuration } from '../format/durations.ts';
import { formatClock, formatMoment } from '../format/times.ts';
import { Chart } from './Chart.tsx';
import { csvOfChart } from './chart-files.ts';
import type { ChartSeries } from './chart-series.ts';
import type { Measure } from './measures.ts';
import { saveFile } from './save-file.ts';

interface ChartFigureProps {
  readonly title: string;
  readonly measure: Measure;
  readonly series: ChartSeries;
  readonly top: number;
  readonly isTable: boolean;
  readonly onTable: () => void;
  readonly onPick: (from: number, to: number) => void;
}

/** One chart with its name, what its lines are, the same as a table, and as a file. */
export function ChartFigure({ title, measure, series, top, isTable, onTable, onPick }: ChartFigureProps) {
  const id = useId();
  return (
    <figure className="chart-figure" aria-labelledby={id}>
      <figcaption>
        <h3 id={id} title={title}>
          {title}
        </h3>
        <span className="space" />
        <IconButton icon={Table2} label={`${title} as a table`} pressed={isTable} onPress={onTable} />
        <IconButton
          icon={Download}
          label={`${title} as CSV`}
          onPress={() => saveFile(fileName(title), 'text/csv', csvOfChart(title, measure, series))}
        />
      </figcaption>
      <ul className="chart-legend small quiet">
        {measure.lines.map(({ name, colour, dash, filled }) => (
          <li key={name}>
            <svg width="16" height="8" aria-hidden="true">
              {filled ? (
                <rect x="3" width="10" height="8" fill={`var(${colour})`} />
              ) : (
                <path d="M0 4h16" stroke={`var(${colour})`} strokeWidth="2" strokeDasharray={dash.join(' ')} />
              )}
            </svg>
            {name}
          </li>
        ))}
      </ul>
      <Chart measure={measure} series={series} top={top} onPick={onPick} />
      <Remarks series={series} />
      {isTable && <ChartTable title={title} measure={measure} series={series} />}
    </figure>
  );
}

/** What is not whole is said. */
function Remarks({ series: { partial, expiredBefore, begun, stepMicros } }: { readonly series: ChartSeries }) {
  return (
    <>
      {partial !== null && (
        <p className="small quiet">
          The last bar is of {formatDuration(partial.to - partial.from)} so far, of {formatDuration(stepMicros)}.
        </p>
      )}
      {begun !== null && (
        <p className="small quiet">Before {formatMoment(begun)} no service had reported anything: unknown, not zero.</p>
      )}
      {expiredBefore !== null && (
        <p className="small quiet">Before {formatMoment(expiredBefore)} nothing is kept any more: unknown, not zero.</p>
      )}
    </>
  );
}

const ROWS_MAX = 500;

function ChartTable({
  title,
  measure,
  series,
}: {
  readonly title: string;
  readonly measure: Measure;
  readonly series: ChartSeries;
}) {
  const rows = [...series.seconds.keys()].reverse().slice(0, ROWS_MAX);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
    <section className="chart-table" aria-label={`${title}: the values`} tabIndex={0}>
      <table>
        <thead>
          <tr>
            <th scope="col">From</th>
            {measure.lines.map(({ name }) => (
              <th key={name} scope="col" className="number">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row}>
              <th scope="row">
                {formatClock((series.seconds[row] ?? 0) * 1_000_000)}
                {series.partial?.from === (series.seconds[row] ?? 0) * 1_000_000 && ' so far'}
              </th>
              {measure.lines.map(({ name }, line) => (
                <td key={name} className="number">
                  {measure.words(series.lines[line]?.[row] ?? null)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

const fileName = (title: string): string => `${title.replaceAll(/[^\p{L}\p{N}]+/gu, '-').slice(0, 60)}.csv`;

import { Download, Table2 } from 'lucide-react';
import { type PointerEvent, useEffect, useMemo, useRef } from 'react';
import { IconButton } from '../app/IconButton.tsx';
import { useSession } from '../app/session-context.tsx';
import { formatDuration } from '../format/durations.ts';
import { formatCount } from '../format/numbers.ts';
import { formatClock } from '../format/times.ts';
import { csvText } from './csv-text.ts';
import type { HeatCells } from './heat-cells.ts';
import { AXIS_PIXELS, heatMark, paintHeat } from './paint-heat.ts';
import { saveFile } from './save-file.ts';

interface HeatMapProps {
  readonly cells: HeatCells;
  readonly isTable: boolean;
  readonly onTable: () => void;
}

/** How the durations were spread over time: the darker a cell, the more calls took so long. */
export function HeatMap({ cells, isTable, onTable }: HeatMapProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const words = useRef<HTMLParagraphElement>(null);
  const theme = useSession((snapshot) => snapshot.theme);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the theme's colours are read from the page when it is painted
  useEffect(() => {
    const element = canvas.current;
    if (element === null) return;
    const paint = () => paintHeat(element, cells);
    paint();
    const watch = new ResizeObserver(paint);
    watch.observe(element);
    return () => watch.disconnect();
  }, [cells, theme]);

  const look = (event: PointerEvent<HTMLCanvasElement>) => {
    const { left, top, width, height } = event.currentTarget.getBoundingClientRect();
    const along = (event.clientX - left - AXIS_PIXELS.left) / (width - AXIS_PIXELS.left);
    const up = 1 - (event.clientY - top) / (height - AXIS_PIXELS.bottom);
    if (words.current !== null) words.current.textContent = heatMark(cells, along, up) ?? STILL;
  };
  return (
    <figure className="chart-figure wide" aria-labelledby="heat-title">
      <figcaption>
        <h3 id="heat-title">How long calls took</h3>
        <span className="space" />
        <IconButton icon={Table2} label="How long calls took as a table" pressed={isTable} onPress={onTable} />
        <IconButton
          icon={Download}
          label="How long calls took as CSV"
          onPress={() => saveFile('durations.csv', 'text/csv', csvOf(cells))}
        />
      </figcaption>
      {cells.edges.length === 0 ? (
        <p className="quiet">No call ended in this window.</p>
      ) : (
        <canvas
          ref={canvas}
          className="heat"
          role="img"
          aria-label="Heat map of durations over time; the table has the same in numbers"
          onPointerMove={look}
          onPointerLeave={() => {
            if (words.current !== null) words.current.textContent = STILL;
          }}
        />
      )}
      <p ref={words} className="chart-words small">
        {STILL}
      </p>
      {isTable && <BandTable cells={cells} />}
    </figure>
  );
}

const STILL = 'The darker, the more calls took so long.';

function BandTable({ cells }: { readonly cells: HeatCells }) {
  const bands = useMemo(() => bandsOf(cells), [cells]);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
    <section className="chart-table" aria-label="How long calls took: the values" tabIndex={0}>
      <table>
        <thead>
          <tr>
            <th scope="col">Took</th>
            <th scope="col" className="number">
              Calls
            </th>
            <th scope="col">Most in the bucket from</th>
          </tr>
        </thead>
        <tbody>
          {bands.map(({ from, to, count, mostAt }) => (
            <tr key={from}>
              <th scope="row">
                {formatDuration(from)} – {formatDuration(to)}
              </th>
              <td className="number">{formatCount(count)}</td>
              <td>{mostAt === null ? 'none' : formatClock(mostAt)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** Each band over the whole window, the longest first. */
function bandsOf({ edges, counts, seconds }: HeatCells) {
  return edges
    .slice(0, -1)
    .map((from, band) => {
      let [count, most, mostAt]: [number, number, number | null] = [0, 0, null];
      for (const [column, cells] of counts.entries()) {
        const of = cells?.[band] ?? 0;
        count += of;
        if (of > most) [most, mostAt] = [of, (seconds[column] ?? 0) * 1_000_000];
      }
      return { from, to: edges[band + 1] ?? from, count, mostAt };
    })
    .reverse();
}

const csvOf = ({ edges, counts, seconds, stepMicros }: HeatCells): string =>
  csvText([
    ['from', 'to', 'band from (µs)', 'band to (µs)', 'calls'],
    ...seconds.flatMap((second, column) =>
      edges
        .slice(0, -1)
        .map((from, band) => [
          new Date(second * 1_000).toISOString(),
          new Date(second * 1_000 + stepMicros / 1_000).toISOString(),
          from,
          edges[band + 1] ?? from,
          counts[column]?.[band] ?? null,
        ]),
    ),
  ]);

import { formatDuration } from '../format/durations.ts';
import { formatPlural } from '../format/numbers.ts';
import { formatClock, formatClockMinutes } from '../format/times.ts';
import type { HeatCells } from './heat-cells.ts';

/** Room for the words beside the cells. */
export const AXIS_PIXELS = { left: 64, bottom: 20 } as const;

const WORDS_ACROSS = 160;
const WORDS_UP = 28;

/** Paints the cells in the accent colour of the theme; what is not known stays empty, what held nothing too. */
export function paintHeat(canvas: HTMLCanvasElement, cells: HeatCells): void {
  const context = canvas.getContext('2d');
  if (context === null) return;
  const ratio = globalThis.devicePixelRatio;
  const [width, height] = [canvas.clientWidth, canvas.clientHeight];
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  const style = getComputedStyle(canvas);
  const [columns, bands] = [cells.seconds.length, Math.max(0, cells.edges.length - 1)];
  const [across, up] = [
    (width - AXIS_PIXELS.left) / Math.max(1, columns),
    (height - AXIS_PIXELS.bottom) / Math.max(1, bands),
  ];

  context.fillStyle = style.getPropertyValue('--accent').trim();
  for (const [column, counts] of cells.counts.entries()) {
    for (const [band, count] of (counts ?? []).entries()) {
      if (count === 0) continue;
      // By its root: one call among thousands is still to be seen.
      context.globalAlpha = LEAST_ALPHA + (1 - LEAST_ALPHA) * Math.sqrt(count / cells.most);
      const [x, y] = [AXIS_PIXELS.left + column * across, (bands - 1 - band) * up];
      context.fillRect(x, y, Math.max(1, across - 0.5), Math.max(1, up - 0.5));
    }
  }
  context.globalAlpha = 1;
  context.fillStyle = style.getPropertyValue('--text-2').trim();
  context.font = "12px 'Inter Variable', system-ui, sans-serif";
  paintScales(context, cells, { width, height, across, up });
}

const LEAST_ALPHA = 0.12;

interface Scales {
  readonly width: number;
  readonly height: number;
  readonly across: number;
  readonly up: number;
}

function paintScales(context: CanvasRenderingContext2D, cells: HeatCells, { height, width, across, up }: Scales): void {
  const bands = cells.edges.length - 1;
  context.textAlign = 'right';
  const every = Math.max(1, Math.ceil(WORDS_UP / up));
  for (let band = 0; band < bands; band += every) {
    const y = (bands - band) * up;
    context.fillText(
      formatDuration(cells.edges[band] ?? 0),
      AXIS_PIXELS.left - 6,
      // Whole letters, at the top too.
      Math.max(12, Math.min(height - AXIS_PIXELS.bottom, y) - 2),
    );
  }
  context.textAlign = 'left';
  const step = Math.max(1, Math.ceil(WORDS_ACROSS / across));
  const words = cells.stepMicros < 60_000_000 ? formatClock : formatClockMinutes;
  for (let column = 0; column < cells.seconds.length; column += step) {
    const x = AXIS_PIXELS.left + column * across;
    if (x + 64 < width) context.fillText(words((cells.seconds[column] ?? 0) * 1_000_000), x, height - 4);
  }
}

/** What the cell at a place says, as shares of the map from its lower left; null: there is none. */
export function heatMark(cells: HeatCells, along: number, up: number): string | null {
  const column = Math.floor(along * cells.seconds.length);
  const band = Math.floor(up * (cells.edges.length - 1));
  const second = cells.seconds[column];
  const [from, to] = [cells.edges[band], cells.edges[band + 1]];
  if (second === undefined || from === undefined || to === undefined) return null;
  const count = cells.counts[column]?.[band];
  const words = count === undefined ? 'not known yet' : formatPlural(count, 'call', 'calls');
  return `${formatClock(second * 1_000_000)} · ${formatDuration(from)} – ${formatDuration(to)} · ${words}`;
}

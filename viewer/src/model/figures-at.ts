import {
  addFigures,
  type CellTuple,
  type Figures,
  faultShare,
  figuresOfCell,
  noFigures,
  quantile,
} from '@soa-monitor/protocol';

/** The figures on the map are of so many whole seconds before the playhead. */
export const FIGURES_SECONDS = 60;

/** Figures of links over [t − 60 s, t), in whole seconds: t is taken at its last full second. */
export interface FiguresAt {
  ofLink(link: string, time: number): Figures;
  /** Sums over several links; the very same numbers whichever way they are grouped. */
  ofLinks(links: Iterable<string>, time: number): Figures;
}

export interface Cells {
  cells(link: string): ReadonlyMap<number, CellTuple> | undefined;
  cellsRevision(link: string): number;
}

/** Keeps each link's last answer: it is asked for four times a second and changes once. */
export function createFiguresAt(picture: Cells): FiguresAt {
  const answers = new Map<string, { readonly second: number; readonly revision: number; readonly figures: Figures }>();

  function ofLink(link: string, time: number): Figures {
    const second = Math.floor(time / 1_000_000);
    const revision = picture.cellsRevision(link);
    const known = answers.get(link);
    if (known?.second === second && known.revision === revision) return known.figures;
    const figures = sumOf(picture.cells(link), second);
    answers.set(link, { second, revision, figures });
    return figures;
  }

  return {
    ofLink,
    ofLinks(links, time) {
      const sum = noFigures();
      for (const link of links) {
        const figures = ofLink(link, time);
        if (figures.count !== 0) addFigures(sum, figures);
      }
      return sum;
    },
  };
}

function sumOf(cells: ReadonlyMap<number, CellTuple> | undefined, second: number): Figures {
  const sum = noFigures();
  if (cells === undefined) return sum;
  for (let at = second - FIGURES_SECONDS; at < second; at++) {
    const cell = cells.get(at);
    if (cell !== undefined) addFigures(sum, figuresOfCell(cell));
  }
  return sum;
}

/** Counts as they are shown: what is not known is null, never 0. */
export interface ShownFigures {
  readonly count: number;
  readonly perSecond: number;
  readonly faults: number;
  readonly errors: number;
  readonly faultShare: number | null;
  readonly p95Micros: number | null;
  readonly inFlight: number;
}

export function shown(figures: Figures, inFlight: number): ShownFigures {
  const p95 = quantile(figures.histogram, 0.95);
  return {
    count: figures.count,
    perSecond: figures.count / FIGURES_SECONDS,
    faults: figures.faults,
    errors: figures.errors,
    faultShare: faultShare(figures),
    p95Micros: p95 === null ? null : Math.round(p95),
    inFlight,
  };
}

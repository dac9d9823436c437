import { type Figures, shownFigures, type Traffic } from '@soa-monitor/protocol';
import type { Database } from 'better-sqlite3';
import type { TrafficQuery } from '../store.ts';
import type { Catalogue } from './catalogue.ts';
import { figuresInto } from './cells.ts';
import { readFacts, readFigures } from './read-figures.ts';
import { MINUTE_MICROS } from './rollups.ts';
import { inSnapshot } from './snapshot.ts';

const STEP_MICROS_MIN = 1_000_000;

/** Figures per step of a window. Steps begin at multiples of the step; the first and the last are cut by the window. */
export function readTraffic(database: Database, catalogue: Catalogue, query: TrafficQuery): Traffic {
  const { window } = query;
  const stepMicros = Math.max(STEP_MICROS_MIN, Math.floor(query.stepMicros));
  return inSnapshot(database, ({ renewIfOld }) => {
    const isWanted = createFilter(catalogue, query);
    const sums = new Map<number, Figures>();
    const read = stepMicros % MINUTE_MICROS === 0 ? readFigures : readFacts;
    read(database, window, renewIfOld, (link, operation, at, figures) => {
      if (isWanted(link, operation)) figuresInto(sums, Math.floor(at / stepMicros) * stepMicros, figures);
    });
    const buckets = [...sums].sort(([a], [b]) => a - b).map(([from, figures]) => ({ from, ...shownFigures(figures) }));
    return { window, stepMicros, buckets };
  });
}

/** Whether a link and operation are asked for; node and link may be those of any level. */
export function createFilter(
  catalogue: Catalogue,
  { node, link, operation }: Pick<TrafficQuery, 'node' | 'link' | 'operation'>,
): (link: number, operation: number) => boolean {
  const nodes = node === null && link === null ? null : catalogue.nodes();
  const links = new Map<number, boolean>();
  const isWantedLink = (number: number): boolean => {
    if (nodes === null) return true;
    const known = links.get(number);
    if (known !== undefined) return known;
    const found = catalogue.link(number);
    const wanted = (node === null || nodes.touches(found, node)) && (link === null || nodes.isLink(found, link));
    links.set(number, wanted);
    return wanted;
  };
  return (number, operationNumber) =>
    isWantedLink(number) && (operation === null || catalogue.operationName(operationNumber) === operation);
}

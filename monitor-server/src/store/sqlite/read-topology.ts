import {
  type Comparison,
  compareLinks,
  type Explain,
  type Level,
  type LinkFigures,
  type Node,
  type Topology,
  type Window,
} from '@soa-monitor/protocol';
import type { Database } from 'better-sqlite3';
import { cellNumber } from './band-blob.ts';
import type { Catalogue, Nodes } from './catalogue.ts';
import { addDense, type DenseFigures, figuresOfDense, shownDense, sumOfMany } from './dense-figures.ts';
import { OTHER } from './dictionaries.ts';
import { ALL, type FoldFigures } from './read-figures.ts';
import { inSnapshot } from './snapshot.ts';

export interface WindowAtLevel {
  readonly window: Window;
  readonly level: Level;
}

interface Reading {
  readonly database: Database;
  readonly catalogue: Catalogue;
  readonly fold: FoldFigures;
}

/** Who talked to whom in a window. Exact at its edges, unless the answer says otherwise. */
export function readTopology(reading: Reading, { window, level }: WindowAtLevel): Topology {
  return inSnapshot(reading.database, ({ renewIfOld }) => {
    const nodes = reading.catalogue.nodes();
    const { links, explain, folded } = foldLinks(reading, nodes, window, level, renewIfOld);
    const shown = links.map(({ shown }) => shown);
    return { window, level, nodes: nodesAt(nodes, shown, level, window.to), links: shown, folded, explain };
  });
}

/** What changed from the first window to the second, and what the data can say of it. `changed` is in both. */
export function readComparison(
  reading: Reading,
  { window, window2, level }: WindowAtLevel & { readonly window2: Window },
): Comparison {
  return inSnapshot(reading.database, ({ renewIfOld }) => {
    const nodes = reading.catalogue.nodes();
    const before = foldLinks(reading, nodes, window, level, renewIfOld);
    const after = foldLinks(reading, nodes, window2, level, renewIfOld);
    const compared = compareLinks(sideOf(window, before), sideOf(window2, after));
    const links = [...before.links, ...after.links].map(({ shown }) => shown);
    const shownNodes = nodesAt(nodes, links, level, Math.max(window.to, window2.to));
    return { window, window2, level, nodes: shownNodes, ...compared, explain: before.explain, explain2: after.explain };
  });
}

const sideOf = (window: Window, { links }: FoldedLinks) => ({
  seconds: (window.to - window.from) / 1_000_000,
  links: links.map(({ shown, figures }) => ({ link: shown, figures: figuresOfDense(figures) })),
});

function foldLinks(reading: Reading, nodes: Nodes, window: Window, level: Level, renew: () => void): FoldedLinks {
  const { catalogue, fold } = reading;
  const byOperation = level === 'operation';
  const sums: { readonly link: Described; readonly figures: DenseFigures }[] = [];
  const byId = new Map<string, DenseFigures>();
  const byNumber = new Map<number, DenseFigures>();
  /** What came beyond a bound, and at level operation all: told apart by link and operation. */
  const apart = new Map<
    number,
    { readonly link: number; readonly operation: number; readonly figures: DenseFigures }
  >();
  const others = new Set<number>();
  const isOther = createIsOther(catalogue, nodes, others);

  const sumOf = (link: Described): DenseFigures => {
    const figures = sumOfMany();
    sums.push({ link, figures });
    return figures;
  };
  const shared = (number: number): DenseFigures => {
    const link = nodes.linkAt(catalogue.link(number), level);
    const figures = byId.get(link.id) ?? sumOf({ ...link, operation: null });
    byId.set(link.id, figures);
    byNumber.set(number, figures);
    return figures;
  };
  const explain = fold({ window, ...ALL }, renew, (link, operation) => {
    if (!byOperation && !isOther(link, operation)) return byNumber.get(link) ?? shared(link);
    const cell = cellNumber(link, operation);
    const known = apart.get(cell);
    if (known !== undefined) return known.figures;
    const figures = sumOfMany();
    apart.set(cell, { link, operation, figures });
    return figures;
  });

  const folded = { exchanges: 0, links: new Set<number>(), operations: new Set<number>() };
  for (const { link, operation, figures } of apart.values()) {
    if (figures.count === 0) continue;
    if (isOther(link, operation)) {
      if (others.has(link)) folded.links.add(link);
      if (catalogue.operationName(operation) === OTHER) folded.operations.add(operation);
      folded.exchanges += figures.count;
    }
    if (!byOperation) addDense(byNumber.get(link) ?? shared(link), figures);
    else
      sums.push({ link: { ...catalogue.link(link), operation: catalogue.operationName(operation) || null }, figures });
  }
  return {
    links: sums
      .filter(({ figures }) => figures.count > 0)
      .map(({ link, figures }) => ({ shown: shownLink(link, figures), figures })),
    explain,
    folded: { exchanges: folded.exchanges, links: folded.links.size, operations: folded.operations.size },
  };
}

/** Whether a cell is of a link or an operation that came beyond a bound. The links are put down. */
function createIsOther(catalogue: Catalogue, nodes: Nodes, others: Set<number>) {
  const seen = new Set<number>();
  return (number: number, operation: number): boolean => {
    if (!seen.has(number)) {
      seen.add(number);
      const link = catalogue.link(number);
      if ([link.source, link.target].some((id) => isOtherNode(nodes.get(id)))) others.add(number);
    }
    return others.has(number) || catalogue.operationName(operation) === OTHER;
  };
}

/** Written out: there may be thousands. */
function shownLink({ id, source, target, operation }: Described, figures: DenseFigures): LinkFigures {
  const { count, faults, errors, requestBytes, replyBytes, p50Micros, p95Micros, p99Micros } = shownDense(figures);
  return {
    id,
    source,
    target,
    operation,
    count,
    faults,
    errors,
    requestBytes,
    replyBytes,
    p50Micros,
    p95Micros,
    p99Micros,
  };
}

type Described = Pick<LinkFigures, 'id' | 'source' | 'target' | 'operation'>;

interface FoldedLinks {
  readonly links: readonly { readonly shown: LinkFigures; readonly figures: DenseFigures }[];
  readonly explain: Explain;
  readonly folded: NonNullable<Topology['folded']>;
}

/** What came beyond a bound was told under this name: an endpoint "(other)", an outside node of it. */
const isOtherNode = (node: Node | undefined): boolean => node?.name.startsWith(OTHER) === true;

/**
 * The nodes that the links touch, the monitored ones that were there before the window ended, and what they belong to.
 * Those that are folded away at the level are left out.
 */
function nodesAt(nodes: Nodes, links: readonly LinkFigures[], level: Level, to: number): readonly Node[] {
  const wanted = new Set(links.flatMap((link) => [link.source, link.target]));
  for (const node of nodes.all()) if (node.monitored && node.firstSeen < to) wanted.add(nodes.at(node.id, level));
  for (const id of wanted) {
    const parent = nodes.get(id)?.parent ?? null;
    if (parent !== null) wanted.add(parent);
  }
  return nodes.all().filter((node) => wanted.has(node.id));
}

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
import type { Catalogue, Nodes } from './catalogue.ts';
import { addDense, type DenseFigures, figuresOfDense, shownDense } from './dense-figures.ts';
import { OTHER } from './dictionaries.ts';
import { readFigures } from './read-figures.ts';
import { inSnapshot } from './snapshot.ts';

export interface WindowAtLevel {
  readonly window: Window;
  readonly level: Level;
}

/** Who talked to whom in a window. Exact at its edges, unless the answer says otherwise. */
export function readTopology(database: Database, catalogue: Catalogue, { window, level }: WindowAtLevel): Topology {
  return inSnapshot(database, ({ renewIfOld }) => {
    const nodes = catalogue.nodes();
    const { links, explain, folded } = foldLinks(database, catalogue, nodes, window, level, renewIfOld);
    const shown = links.map(({ shown }) => shown);
    return { window, level, nodes: nodesAt(nodes, shown, level, window.to), links: shown, folded, explain };
  });
}

/** What changed from the first window to the second, and what the data can say of it. `changed` is in both. */
export function readComparison(
  database: Database,
  catalogue: Catalogue,
  { window, window2, level }: WindowAtLevel & { readonly window2: Window },
): Comparison {
  return inSnapshot(database, ({ renewIfOld }) => {
    const nodes = catalogue.nodes();
    const before = foldLinks(database, catalogue, nodes, window, level, renewIfOld);
    const after = foldLinks(database, catalogue, nodes, window2, level, renewIfOld);
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

function foldLinks(
  database: Database,
  catalogue: Catalogue,
  nodes: Nodes,
  window: Window,
  level: Level,
  renew: () => void,
): FoldedLinks {
  const byOperation = level === 'operation';
  const sums = new Map<string, { link: Described; figures: DenseFigures }>();
  const folded = { exchanges: 0, links: new Set<number>(), operations: new Set<number>() };
  const explain = readFigures(database, window, renew, (number, operation, figures) => {
    const link = catalogue.link(number);
    const name = catalogue.operationName(operation);
    const isOther = [link.source, link.target].some((id) => isOtherNode(nodes.get(id)));
    if (isOther) folded.links.add(number);
    if (name === OTHER) folded.operations.add(operation);
    if (isOther || name === OTHER) folded.exchanges += figures.count;
    const shown = nodes.linkAt(link, level);
    const key = byOperation ? `${shown.id} ${operation}` : shown.id;
    const sum = sums.get(key);
    if (sum !== undefined) addDense(sum.figures, figures);
    else sums.set(key, { link: { ...shown, operation: byOperation ? name || null : null }, figures });
  });
  return {
    links: [...sums.values()].map(({ link, figures }) => ({ shown: { ...link, ...shownDense(figures) }, figures })),
    explain,
    folded: { exchanges: folded.exchanges, links: folded.links.size, operations: folded.operations.size },
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

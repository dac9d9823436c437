import {
  type Comparison,
  type Figures,
  type Level,
  type LinkFigures,
  type Node,
  shownFigures,
  type Topology,
  type Window,
} from '@soa-monitor/protocol';
import type { Database } from 'better-sqlite3';
import type { Catalogue, Nodes } from './catalogue.ts';
import { figuresInto } from './cells.ts';
import { readFigures } from './read-figures.ts';
import { inSnapshot } from './snapshot.ts';

export interface WindowAtLevel {
  readonly window: Window;
  readonly level: Level;
}

/** Who talked to whom in a window. Exact at its edges. */
export function readTopology(database: Database, catalogue: Catalogue, { window, level }: WindowAtLevel): Topology {
  return inSnapshot(database, ({ renewIfOld }) => {
    const nodes = catalogue.nodes();
    const links = foldLinks(database, catalogue, nodes, window, level, renewIfOld);
    return { window, level, nodes: nodesAt(nodes, links, level, window.to), links };
  });
}

/** What changed from the first window to the second. `changed` is in both, whatever its figures. */
export function readComparison(
  database: Database,
  catalogue: Catalogue,
  { window, window2, level }: WindowAtLevel & { readonly window2: Window },
): Comparison {
  return inSnapshot(database, ({ renewIfOld }) => {
    const nodes = catalogue.nodes();
    const before = foldLinks(database, catalogue, nodes, window, level, renewIfOld);
    const after = foldLinks(database, catalogue, nodes, window2, level, renewIfOld);
    const keyed = (links: readonly LinkFigures[]) => new Map(links.map((link) => [keyOf(link), link]));
    const [earlier, later] = [keyed(before), keyed(after)];
    return {
      window,
      window2,
      level,
      nodes: nodesAt(nodes, [...before, ...after], level, Math.max(window.to, window2.to)),
      added: after.filter((link) => !earlier.has(keyOf(link))),
      gone: before.filter((link) => !later.has(keyOf(link))),
      changed: before.flatMap((link) => {
        const other = later.get(keyOf(link));
        return other === undefined ? [] : [{ before: link, after: other }];
      }),
    };
  });
}

const keyOf = (link: LinkFigures): string => `${link.id} ${link.operation ?? ''}`;

function foldLinks(
  database: Database,
  catalogue: Catalogue,
  nodes: Nodes,
  window: Window,
  level: Level,
  renew: () => void,
): readonly LinkFigures[] {
  const byOperation = level === 'operation';
  const sums = new Map<string, Figures>();
  const described = new Map<string, Pick<LinkFigures, 'id' | 'source' | 'target' | 'operation'>>();
  readFigures(database, window, renew, (number, operation, _at, figures) => {
    const link = nodes.linkAt(catalogue.link(number), level);
    const key = byOperation ? `${link.id} ${operation}` : link.id;
    if (!described.has(key))
      described.set(key, { ...link, operation: byOperation ? catalogue.operationName(operation) || null : null });
    figuresInto(sums, key, figures);
  });
  return [...sums].flatMap(([key, figures]) => {
    const link = described.get(key);
    return link === undefined ? [] : [{ ...link, ...shownFigures(figures) }];
  });
}

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

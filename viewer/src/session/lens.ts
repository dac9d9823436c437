import type { Readings, Shade } from '../scene/messages.ts';
import type { LinkView, NodeView } from './session.ts';

/** What somebody looks for on the map: the rest is dimmed or hidden. Pure: asked anew with each look at the estate. */
export type Lens = (nodes: readonly NodeView[], links: readonly LinkView[]) => Found;

/** Ids of what a lens shows. */
export interface Found {
  readonly nodes: ReadonlySet<string>;
  readonly links: ReadonlySet<string>;
}

interface Seen {
  readonly nodes: readonly NodeView[];
  readonly links: readonly LinkView[];
  readonly readings: Readings;
}

/** The readings with everything but what was found in the shade. */
export function shaded({ nodes, links, readings }: Seen, found: Found | null, rest: Shade): Readings {
  if (found === null) return readings;
  return {
    ...readings,
    nodes: readings.nodes.map((reading, index) =>
      found.nodes.has(nodes[index]?.node.id ?? '') ? reading : { ...reading, shade: rest },
    ),
    links: readings.links.map((reading, index) =>
      found.links.has(links[index]?.id ?? '') ? reading : { ...reading, shade: rest },
    ),
  };
}

/** The same value as before when the same was found, so that nobody is told of it again. */
export function sameFound(before: Found | null, next: Found | null): Found | null {
  if (before === null || next === null) return next;
  return areEqual(before.nodes, next.nodes) && areEqual(before.links, next.links) ? before : next;
}

const areEqual = (one: ReadonlySet<string>, other: ReadonlySet<string>): boolean =>
  one.size === other.size && [...one].every((id) => other.has(id));

import type { ChangeMark, Readings } from '../scene/messages.ts';
import type { LinkView, NodeView } from './session.ts';

/** What became otherwise between two windows, by id at the level shown; what is not named stands back. */
export interface Changes {
  readonly nodes: ReadonlyMap<string, ChangeMark>;
  readonly links: ReadonlyMap<string, ChangeMark>;
}

interface Seen {
  readonly nodes: readonly NodeView[];
  readonly links: readonly LinkView[];
}

/** The readings with the changes marked, and the rest dimmed. A node at the end of a marked link keeps its light. */
export function withChanges(readings: Readings, { nodes, links }: Seen, changes: Changes | null): Readings {
  if (changes === null) return readings;
  const ends = new Set(
    links.flatMap(({ id, source, target, operations, members }) =>
      changes.links.has((operations === undefined ? id : members?.[0]) ?? '') ? [source, target] : [],
    ),
  );
  return {
    ...readings,
    nodes: readings.nodes.map((reading, index) => {
      const id = nodes[index]?.node.id ?? '';
      const change = changes.nodes.get(id);
      if (change !== undefined) return { ...reading, change, absent: false };
      return ends.has(id) ? reading : { ...reading, shade: reading.shade ?? 'dimmed' };
    }),
    links: readings.links.map((reading, index) => {
      // Of a link split by operation it is told that it changed; the comparison's table says which operation.
      const link = links[index];
      const change = changes.links.get((link?.operations === undefined ? link?.id : link.members?.[0]) ?? '');
      return change === undefined
        ? { ...reading, shade: reading.shade ?? 'dimmed' }
        : { ...reading, change, absent: false };
    }),
  };
}

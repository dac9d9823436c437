import type { ChangeMark, LinkReading, NodeReading, Readings, Shade } from './messages.ts';

/**
 * Readings as columns that are handed over instead of copied: telling those of 15,000 things takes the page a millisecond,
 * as objects it takes tens. Null is NaN; a state is its number in `words`, the flags of a thing are bits.
 */
export interface PackedReadings {
  readonly revision: number;
  readonly words: readonly string[];
  /** perSecond, inFlight, state, flags of each. */
  readonly nodes: Float64Array;
  /** perSecond, p95Micros, faultShare, inFlight, flags of each. */
  readonly links: Float64Array;
  readonly hulls: Float64Array;
}

const NODE_COLUMNS = 4;
const LINK_COLUMNS = 5;

export function packReadings({ revision, nodes, links, hulls }: Readings): PackedReadings {
  const words: string[] = [];
  const numbers = new Map<string, number>();
  const wordOf = (state: string | null): number => {
    if (state === null) return Number.NaN;
    const known = numbers.get(state);
    if (known !== undefined) return known;
    numbers.set(state, words.length);
    return words.push(state) - 1;
  };
  const packed = {
    revision,
    words,
    nodes: new Float64Array(nodes.length * NODE_COLUMNS),
    links: new Float64Array(links.length * LINK_COLUMNS),
    hulls: Float64Array.from(hulls, wordOf),
  };
  let at = 0;
  // Not taken apart into a rest of its own: that object for each of them costs more than all the rest.
  for (const node of nodes) {
    packed.nodes[at++] = node.perSecond;
    packed.nodes[at++] = node.inFlight;
    packed.nodes[at++] = wordOf(node.state);
    packed.nodes[at++] = (node.absent ? 1 : 0) + (node.pinned ? 2 : 0) + bitsOf(node);
  }
  at = 0;
  for (const link of links) {
    packed.links[at++] = link.perSecond;
    packed.links[at++] = link.p95Micros ?? Number.NaN;
    packed.links[at++] = link.faultShare ?? Number.NaN;
    packed.links[at++] = link.inFlight;
    packed.links[at++] = (link.broken ? 1 : 0) + (link.absent ? 2 : 0) + bitsOf(link);
  }
  return packed;
}

export function unpackReadings({ revision, words, nodes, links, hulls }: PackedReadings): Readings {
  const number = (value: number | undefined): number | null =>
    value === undefined || Number.isNaN(value) ? null : value;
  const word = (value: number | undefined): string | null => words[number(value) ?? -1] ?? null;
  return {
    revision,
    nodes: Array.from({ length: nodes.length / NODE_COLUMNS }, (_, index): NodeReading => {
      const at = index * NODE_COLUMNS;
      const flags = nodes[at + 3] ?? 0;
      const reading = {
        perSecond: nodes[at] ?? 0,
        inFlight: nodes[at + 1] ?? 0,
        state: word(nodes[at + 2]),
        absent: (flags & 1) !== 0,
        pinned: (flags & 2) !== 0,
      };
      // Few have any, and all are unpacked a few times a second.
      return flags < MARKED_FROM ? reading : { ...reading, ...marksOf(flags) };
    }),
    links: Array.from({ length: links.length / LINK_COLUMNS }, (_, index): LinkReading => {
      const at = index * LINK_COLUMNS;
      const flags = links[at + 4] ?? 0;
      const reading = {
        perSecond: links[at] ?? 0,
        p95Micros: number(links[at + 1]),
        faultShare: number(links[at + 2]),
        inFlight: links[at + 3] ?? 0,
        broken: (flags & 1) !== 0,
        absent: (flags & 2) !== 0,
      };
      return flags < MARKED_FROM ? reading : { ...reading, ...marksOf(flags) };
    }),
    hulls: Array.from(hulls, word),
  };
}

interface Marks {
  readonly shade?: Shade;
  readonly change?: ChangeMark;
}

const SHADES: readonly Shade[] = ['dimmed', 'hidden'];
const CHANGES: readonly ChangeMark[] = ['added', 'gone', 'changed'];

/** Two bits each, 0 for none, above the two flags. */
const bitsOf = ({ shade, change }: Marks): number =>
  (shade === undefined ? 0 : (SHADES.indexOf(shade) + 1) << 2) +
  (change === undefined ? 0 : (CHANGES.indexOf(change) + 1) << 4);

const MARKED_FROM = 4;

function marksOf(flags: number): Marks {
  const shade = SHADES[((flags >> 2) & 3) - 1];
  const change = CHANGES[((flags >> 4) & 3) - 1];
  return { ...(shade === undefined ? {} : { shade }), ...(change === undefined ? {} : { change }) };
}

import type { Delta } from '@soa-monitor/protocol';

/** The last deltas, for viewers that were away for a moment. Bounded by count and by items; the oldest goes first. */
export interface DeltaRing {
  push(delta: Delta): void;
  /** The deltas after `deltaSeq`, oldest first; null when some of them are gone, or were never made. */
  after(deltaSeq: number): readonly Delta[] | null;
  /** deltaSeq of the newest, 0 before the first. */
  last(): number;
}

/** 1,200 deltas are at least 20 s. An item is some 100 bytes of JSON, so 300,000 are about 30 MB. */
const RING_DELTAS_MAX = 1_200;
const RING_ITEMS_MAX = 300_000;

export function createDeltaRing(bounds = { deltas: RING_DELTAS_MAX, items: RING_ITEMS_MAX }): DeltaRing {
  const deltas: Delta[] = [];
  let items = 0;
  let last = 0;
  return {
    push(delta) {
      deltas.push(delta);
      items += size(delta);
      last = delta.deltaSeq;
      while (deltas.length > 1 && (deltas.length > bounds.deltas || items > bounds.items)) {
        const oldest = deltas.shift();
        if (oldest) items -= size(oldest);
      }
    },
    after(deltaSeq) {
      if (deltaSeq === last) return [];
      const first = deltas[0]?.deltaSeq ?? last + 1;
      return deltaSeq < first - 1 || deltaSeq > last ? null : deltas.slice(deltaSeq - first + 1);
    },
    last: () => last,
  };
}

const size = (delta: Delta): number =>
  1 + delta.nodes.length + delta.links.length + delta.states.length + delta.exchanges.length + delta.cells.length;

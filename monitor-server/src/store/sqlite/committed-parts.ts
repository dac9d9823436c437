import type { Committed } from '../store.ts';
import { countOf, type PackedExchanges, partOf, unpackExchanges } from './packed-exchanges.ts';
import type { Told } from './writer.ts';

/** Exchanges told in one message. To take a commit of ten thousand in at once would hold the main loop for that long. */
const EXCHANGES_PER_PART_MAX = 1_000;

/** A commit as it is told to the main thread: everything else and the first exchanges, then the others in turn. */
export function committedParts(told: Told): readonly Told[] {
  const count = countOf(told.exchanges);
  if (count <= EXCHANGES_PER_PART_MAX) return [told];
  const part = (from: number): PackedExchanges => partOf(told.exchanges, from, from + EXCHANGES_PER_PART_MAX);
  const parts: Told[] = [{ ...told, exchanges: part(0) }];
  for (let from = EXCHANGES_PER_PART_MAX; from < count; from += EXCHANGES_PER_PART_MAX)
    parts.push({ commitSeq: told.commitSeq, feed: NOTHING, exchanges: part(from) });
  return parts;
}

/** As listeners are told it. */
export const committedOf = ({ commitSeq, feed, exchanges }: Told): Committed => ({
  commitSeq,
  feed: { ...feed, exchanges: unpackExchanges(exchanges) },
});

const NOTHING = { nodes: [], links: [], states: [], cells: [], gone: [] };

import type { Committed } from '../store.ts';

/** Exchanges told in one message. To take a commit of ten thousand in at once would hold the main loop for that long. */
const EXCHANGES_PER_PART_MAX = 1_000;

/** A commit as it is told to the main thread: everything else and the first exchanges, then the others in turn. */
export function committedParts({ commitSeq, feed }: Committed): readonly Committed[] {
  const { exchanges } = feed;
  const parts: Committed[] = [{ commitSeq, feed: { ...feed, exchanges: exchanges.slice(0, EXCHANGES_PER_PART_MAX) } }];
  for (let from = EXCHANGES_PER_PART_MAX; from < exchanges.length; from += EXCHANGES_PER_PART_MAX) {
    const part = exchanges.slice(from, from + EXCHANGES_PER_PART_MAX);
    parts.push({ commitSeq, feed: { ...NOTHING, exchanges: part } });
  }
  return parts;
}

const NOTHING = { nodes: [], links: [], states: [], cells: [], gone: [] };

/**
 * What is found by the order of storing. Those numbers come one after the other, so what is asked for lies together: pages of
 * neighbours are found with few looks into memory, where a Map of hundreds of thousands has one miss for each.
 */
export interface SeqTable<Entry> {
  get(seq: number): Entry | undefined;
  set(seq: number, entry: Entry): void;
  /** Does nothing unless it is this entry that stands there. */
  remove(seq: number, entry: Entry): void;
  /** In the order of the pages' coming; an entry with two numbers is given twice. */
  entries(): Iterable<readonly [seq: number, entry: Entry]>;
}

const PAGE_BITS = 6;
const PAGE_SIZE = 2 ** PAGE_BITS;

interface Page<Entry> {
  readonly number: number;
  readonly slots: (Entry | undefined)[];
  filled: number;
}

export function createSeqTable<Entry>(): SeqTable<Entry> {
  const pages = new Map<number, Page<Entry>>();
  /** The one that was looked at last. */
  let near: Page<Entry> | null = null;
  const pageOf = (seq: number): Page<Entry> | undefined => {
    const number = Math.floor(seq / PAGE_SIZE);
    if (near?.number === number) return near;
    const page = pages.get(number);
    if (page !== undefined) near = page;
    return page;
  };
  const newPage = (seq: number): Page<Entry> => {
    const number = Math.floor(seq / PAGE_SIZE);
    const page = { number, slots: new Array<Entry | undefined>(PAGE_SIZE).fill(undefined), filled: 0 };
    pages.set(number, page);
    near = page;
    return page;
  };
  return {
    get: (seq) => pageOf(seq)?.slots[seq % PAGE_SIZE],
    set(seq, entry) {
      const page = pageOf(seq) ?? newPage(seq);
      if (page.slots[seq % PAGE_SIZE] === undefined) page.filled++;
      page.slots[seq % PAGE_SIZE] = entry;
    },
    remove(seq, entry) {
      const page = pageOf(seq);
      if (page === undefined || page.slots[seq % PAGE_SIZE] !== entry) return;
      page.slots[seq % PAGE_SIZE] = undefined;
      page.filled--;
      if (page.filled > 0) return;
      pages.delete(page.number);
      near = null;
    },
    *entries() {
      for (const { number, slots } of [...pages.values()])
        for (const [index, entry] of slots.entries())
          if (entry !== undefined) yield [number * PAGE_SIZE + index, entry];
    },
  };
}

import type { Key } from './exchange-key.ts';

/**
 * Where the records lie that came last, by process and number: an `open` that its `close` has overtaken, or a call made
 * after the call that caused it was answered, finds its record here when it has left the memory. Bounded: two generations,
 * of which the older goes when the younger has had so many new ones; what is still held in memory is carried on.
 */
export interface RecentRecords {
  saw(process: number, exchangeNo: number, key: Key): void;
  /** The order of storing of the record; NONE when it is not known, or not any more. */
  seqOf(process: number, exchangeNo: number): number;
  find(process: number, exchangeNo: number): Key | null;
}

export const GENERATION_MAX = 150_000;
export const NONE = 0;

export function createRecentRecords(
  isHeld: (seq: number) => boolean = () => false,
  generationMax = GENERATION_MAX,
): RecentRecords {
  let young = createGeneration();
  let old = createGeneration();
  let added = 0;

  const begin = (): void => {
    const left = old;
    old = young;
    young = createGeneration();
    added = 0;
    left.each((process, exchangeNo, time, seq) => {
      if (isHeld(seq) && old.slotOf(process, exchangeNo) < 0) young.put(process, exchangeNo, time, seq);
    });
  };
  return {
    saw(process, exchangeNo, { time, seq }) {
      if (added >= generationMax) begin();
      young.put(process, exchangeNo, time, seq);
      added++;
    },
    seqOf(process, exchangeNo) {
      const slot = young.slotOf(process, exchangeNo);
      return slot >= 0 ? young.seqAt(slot) : old.seqAt(old.slotOf(process, exchangeNo));
    },
    find(process, exchangeNo) {
      const isYoung = young.slotOf(process, exchangeNo) >= 0;
      const generation = isYoung ? young : old;
      const slot = generation.slotOf(process, exchangeNo);
      return slot < 0 ? null : { time: generation.timeAt(slot), seq: generation.seqAt(slot) };
    },
  };
}

/** A slot: process, exchangeNo, time, seq. Numbers of processes begin with 1: 0 is an empty slot. */
const STRIDE = 4;
const SLOTS_MIN = 4_096;

/**
 * An open-addressing table in one array: a record is found with one look into memory and nothing of it is garbage.
 * (Maps of maps cost five times as much, and as much again when they are collected.)
 */
function createGeneration() {
  let slots = SLOTS_MIN;
  let cells = new Float64Array(slots * STRIDE);
  let size = 0;
  /** Where the record lies, or −1 − where it would. Neighbouring numbers of a process are neighbours by fours. */
  const slotOf = (process: number, exchangeNo: number): number => {
    let slot = ((mixed(process, Math.floor(exchangeNo / 4)) << 2) + (exchangeNo % 4)) & (slots - 1);
    for (;;) {
      const at = slot * STRIDE;
      const found = cells[at];
      if (found === 0) return -1 - slot;
      if (found === process && cells[at + 1] === exchangeNo) return slot;
      slot = (slot + 1) & (slots - 1);
    }
  };
  const each = (visit: (process: number, exchangeNo: number, time: number, seq: number) => void): void => {
    for (let at = 0; at < cells.length; at += STRIDE)
      if (cells[at] !== 0) visit(cells[at] ?? 0, cells[at + 1] ?? 0, cells[at + 2] ?? 0, cells[at + 3] ?? 0);
  };
  const put = (process: number, exchangeNo: number, time: number, seq: number): void => {
    if (2 * size >= slots) widen();
    const found = slotOf(process, exchangeNo);
    if (found < 0) size++;
    const at = (found < 0 ? -1 - found : found) * STRIDE;
    cells[at] = process;
    cells[at + 1] = exchangeNo;
    cells[at + 2] = time;
    cells[at + 3] = seq;
  };
  const widen = (): void => {
    const narrow = cells;
    slots *= 2;
    size = 0;
    cells = new Float64Array(slots * STRIDE);
    for (let at = 0; at < narrow.length; at += STRIDE)
      if (narrow[at] !== 0) put(narrow[at] ?? 0, narrow[at + 1] ?? 0, narrow[at + 2] ?? 0, narrow[at + 3] ?? 0);
  };
  return {
    slotOf,
    each,
    put,
    timeAt: (slot: number): number => cells[slot * STRIDE + 2] ?? 0,
    seqAt: (slot: number): number => (slot < 0 ? NONE : (cells[slot * STRIDE + 3] ?? NONE)),
  };
}

/** Murmur3's last step. */
function mixed(process: number, number: number): number {
  let hash = Math.imul(process, 0x9e3779b1) ^ number;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}

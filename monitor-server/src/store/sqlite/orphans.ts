import type { ExchangeRecord } from './half.ts';

/** Calls whose parent is not stored yet, by the process that made them and its number for the parent. */
export interface Orphans {
  add(process: number, parentNo: number, child: ExchangeRecord): void;
  remove(process: number, parentNo: number, child: ExchangeRecord): void;
  /** Those of a parent that has come; they are orphans no more. */
  take(process: number, parentNo: number): Iterable<ExchangeRecord>;
  all(): Iterable<ExchangeRecord>;
}

/** Most parents have one child: a set of its own would cost more than all the rest. */
type Children = ExchangeRecord | Set<ExchangeRecord>;

export function createOrphans(): Orphans {
  const byProcess = new Map<number, Map<number, Children>>();
  const take = (process: number, parentNo: number): Iterable<ExchangeRecord> => {
    const byParent = byProcess.get(process);
    const children = byParent?.get(parentNo);
    if (byParent === undefined || children === undefined) return NONE;
    byParent.delete(parentNo);
    if (byParent.size === 0) byProcess.delete(process);
    return each(children);
  };
  return {
    take,
    add(process, parentNo, child) {
      const byParent = byProcess.get(process) ?? new Map<number, Children>();
      byProcess.set(process, byParent);
      const children = byParent.get(parentNo);
      if (children === undefined) byParent.set(parentNo, child);
      else if (children instanceof Set) children.add(child);
      else if (children !== child) byParent.set(parentNo, new Set([children, child]));
    },
    remove(process, parentNo, child) {
      const children = byProcess.get(process)?.get(parentNo);
      if (children === child) take(process, parentNo);
      else if (children instanceof Set && children.delete(child) && children.size === 0) take(process, parentNo);
    },
    *all() {
      for (const byParent of byProcess.values()) for (const children of byParent.values()) yield* each(children);
    },
  };
}

const NONE: readonly ExchangeRecord[] = [];
const each = (children: Children): Iterable<ExchangeRecord> => (children instanceof Set ? children : [children]);

import type { LinkView, NodeView, SessionSnapshot } from './session.ts';

/** The next snapshot, with what did not change being the very same objects, so that React passes it over. */
export function keepSame(before: SessionSnapshot | null, next: SessionSnapshot): SessionSnapshot {
  if (before === null) return next;
  return {
    ...next,
    nodes: sameList(before.nodes, next.nodes, (view) => view.node.id),
    links: sameList<LinkView>(before.links, next.links, (view) => view.id),
    totals: same(before.totals, next.totals),
  };
}

function sameList<View extends NodeView | LinkView>(
  before: readonly View[],
  next: readonly View[],
  idOf: (view: View) => string,
): readonly View[] {
  const known = new Map(before.map((view) => [idOf(view), view]));
  const kept = next.map((view) => {
    const old = known.get(idOf(view));
    return old === undefined ? view : same(old, view);
  });
  const isAsBefore = kept.length === before.length && kept.every((view, index) => view === before[index]);
  return isAsBefore ? before : kept;
}

/** The old value if the new one is equal by its fields, one level into those that are objects of their own. */
export function same<Value extends object>(before: Value, next: Value): Value {
  return isSame(before, next, 2) ? before : next;
}

function isSame(a: object, b: object, depth: number): boolean {
  const names = Object.keys(a);
  if (names.length !== Object.keys(b).length) return false;
  const others = new Map(Object.entries(b));
  return Object.entries(a).every(([name, value]: [string, unknown]) => {
    const other: unknown = others.get(name);
    if (Object.is(value, other)) return true;
    return depth > 1 && isObject(value) && isObject(other) && isSame(value, other, depth - 1);
  });
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

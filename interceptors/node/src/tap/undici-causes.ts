import type { Cause } from '../observation/exchange.ts';
import type { Causes } from './causes.ts';
import type { Guard } from './guarded.ts';
import { surroundMethod, type Undo } from './patches.ts';

/**
 * Which exchange caused a request of undici. A request is not always created where the application asked for it: a pool of
 * few connections keeps what it is given in a queue, and goes on with it in the context of a connection, which is that of
 * whichever call opened it. So it is remembered with what context each dispatch came.
 */
export interface UndiciCauses {
  /** Of a request that is created now. */
  current(now: number): Cause | null;
  /** Remembers dispatches of the copy of undici that this object is a dispatcher of, if it is one. */
  follow(dispatcher: unknown): void;
  undo: Undo;
}

/** Copies of undici in one process; more are not followed. */
const COPIES_MAX = 8;
/** An object's prototypes, at most, until its `dispatch` is found. */
const PROTOTYPES_MAX = 8;

export function createUndiciCauses(causes: Causes, now: () => number, guard: Guard): UndiciCauses {
  const ofHandlers = new WeakMap<object, { readonly cause: Cause | null }>();
  const followed = new Map<object, Undo>();
  /** Of the dispatches that run now, one inside the other (an agent's, its pool's, its client's), the innermost last. */
  const running: (Cause | null)[] = [];

  const onDispatch = (_self: unknown, args: readonly unknown[]): boolean => {
    const handler = args[1];
    const isObject = typeof handler === 'object' && handler !== null;
    const cause = (isObject ? ofHandlers.get(handler) : undefined) ?? { cause: causes.current(now()) };
    if (isObject) ofHandlers.set(handler, cause);
    running.push(cause.cause);
    return false;
  };

  return {
    current: (moment) => (running.length === 0 ? causes.current(moment) : (running.at(-1) ?? null)),
    follow: (dispatcher) => {
      const owner = ownerOfDispatch(dispatcher);
      if (owner === null || followed.has(owner) || followed.size >= COPIES_MAX) return;
      followed.set(
        owner,
        surroundMethod(owner, 'dispatch', onDispatch, () => void running.pop(), guard),
      );
    },
    undo: () => {
      for (const undo of followed.values()) undo();
      followed.clear();
    },
  };
}

/** All dispatchers of a copy of undici inherit `dispatch` from one base. */
function ownerOfDispatch(dispatcher: unknown): object | null {
  let owner: unknown = dispatcher;
  for (let depth = 0; depth < PROTOTYPES_MAX && typeof owner === 'object' && owner !== null; depth++) {
    owner = Object.getPrototypeOf(owner);
    if (typeof owner !== 'object' || owner === null) return null;
    if (typeof Object.getOwnPropertyDescriptor(owner, 'dispatch')?.value === 'function') return owner;
  }
  return null;
}

import type { Guard } from './guarded.ts';
import { surroundMethod, type Undo } from './patches.ts';
import type { UndiciRequest } from './undici-request.ts';

/** What is seen of undici's requests beside its channels. */
export interface UndiciWork {
  onChunk(request: UndiciRequest, chunk: unknown, isReply: boolean): void;
  /** Before undici calls back into the application. */
  enter(request: UndiciRequest, isError: boolean): void;
  /** And after. */
  leave(): void;
}

/** The copies of undici in this process: Node's own, and those of packages. */
export interface UndiciCopies {
  /** Patches the copy that this request is of, once. */
  patchCopyOf(request: UndiciRequest): void;
  /** A copy whose methods are not what they were in 5 to 7 tells its chunks on channels, if at all. */
  isPatched(request: UndiciRequest): boolean;
  undo: Undo;
}

/** More copies than these are not patched. */
const COPIES_MAX = 8;

/** Looks into the methods of undici's internal Request, which only a request leads to. */
export function createUndiciCopies(work: UndiciWork, guard: Guard): UndiciCopies {
  const copies = new Map<object, Undo[]>();

  const patch = (prototype: object): Undo[] => {
    const surround = (name: string, before: (request: UndiciRequest, argument: unknown) => void, after: () => void) =>
      surroundMethod(
        prototype,
        name,
        (self, args) => {
          if (typeof self === 'object' && self !== null) before(self, args[0]);
          return false;
        },
        after,
        guard,
      );
    const enter = (request: UndiciRequest): void => work.enter(request, false);
    return [
      surround(
        'onBodySent',
        (request, chunk) => work.onChunk(request, chunk, false),
        () => {},
      ),
      surround('onHeaders', enter, work.leave),
      surround(
        'onData',
        (request, chunk) => {
          enter(request);
          work.onChunk(request, chunk, true);
        },
        work.leave,
      ),
      surround('onComplete', enter, work.leave),
      surround('onError', (request) => work.enter(request, true), work.leave),
    ];
  };

  return {
    patchCopyOf: (request) => {
      const prototype: unknown = Object.getPrototypeOf(request);
      if (typeof prototype !== 'object' || prototype === null || copies.has(prototype)) return;
      if (copies.size < COPIES_MAX && hasMethods(prototype)) copies.set(prototype, patch(prototype));
    },
    isPatched: (request) => {
      const prototype: unknown = Object.getPrototypeOf(request);
      return typeof prototype === 'object' && prototype !== null && copies.has(prototype);
    },
    undo: () => {
      for (const undos of copies.values()) for (const undo of undos.reverse()) undo();
      copies.clear();
    },
  };
}

const hasMethods = (prototype: object): boolean =>
  ['onBodySent', 'onHeaders', 'onData', 'onComplete', 'onError'].every(
    (name) => typeof Reflect.get(prototype, name) === 'function',
  );

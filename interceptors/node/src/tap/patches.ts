import type { Guard } from './guarded.ts';

export type Undo = () => void;

/** Sees a call, and its first arguments, before the method runs. True: the call is answered already, and the method is not run (a ping). */
export type Observer = (self: unknown, first: unknown, second: unknown, third: unknown) => boolean;

/** Sees all arguments of a call before the method runs. */
export type Predecessor = (self: unknown, args: readonly unknown[]) => boolean;

/**
 * Puts an observer in front of a method and gives its undo. The method is called with the same `this`, the same arguments
 * and its own result or exception. Undo takes the patch out when it is still on top; when somebody patched on top of it,
 * the link stays in their chain and only passes calls on. On a single object it is kept out of what enumeration shows.
 */
export function observeMethod(owner: object, name: string, observer: Observer, guard: Guard, isShown = true): Undo {
  const method: unknown = Reflect.get(owner, name);
  if (typeof method !== 'function') return () => {};
  let isActive = true;
  const replacement = function (this: unknown, first: unknown, second: unknown, third: unknown): unknown {
    if (isActive && guard.see(observer, this, first, second, third)) return true;
    // biome-ignore lint/complexity/noArguments: passed on as they came, they are never made into an array. `emit` is called often.
    return Reflect.apply(method, this, arguments);
  };
  const undo = put(owner, name, replacement, method, isShown);
  return () => {
    isActive = false;
    undo();
  };
}

/** The same with something that follows the method, whether it returns or throws. */
export function surroundMethod(
  owner: object,
  name: string,
  before: Predecessor,
  after: () => void,
  guard: Guard,
): Undo {
  const method: unknown = Reflect.get(owner, name);
  if (typeof method !== 'function') return () => {};
  let isActive = true;
  const replacement = function (this: unknown, ...args: unknown[]): unknown {
    if (!isActive) return Reflect.apply(method, this, args);
    guard.ask(before, this, args);
    try {
      return Reflect.apply(method, this, args);
    } finally {
      guard.run(after);
    }
  };
  const undo = put(owner, name, replacement, method, true);
  return () => {
    isActive = false;
    undo();
  };
}

function put(
  owner: object,
  name: string,
  replacement: object,
  method: { readonly name: string; readonly length: number },
  isShown: boolean,
): Undo {
  const before = Object.getOwnPropertyDescriptor(owner, name);
  resemble(replacement, method);
  const enumerable = before?.enumerable ?? isShown;
  Object.defineProperty(owner, name, { value: replacement, writable: true, configurable: true, enumerable });
  return () => {
    if (Object.getOwnPropertyDescriptor(owner, name)?.value !== replacement) return;
    if (before === undefined) Reflect.deleteProperty(owner, name);
    else Object.defineProperty(owner, name, before);
  };
}

/** The same name and arity, for those who look. */
export function resemble(
  replacement: object,
  { name, length }: { readonly name: string; readonly length: number },
): void {
  Object.defineProperty(replacement, 'name', { value: name, configurable: true });
  Object.defineProperty(replacement, 'length', { value: length, configurable: true });
}

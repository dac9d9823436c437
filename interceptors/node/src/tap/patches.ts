import type { Guard } from './guarded.ts';

export type Undo = () => void;

/** Sees a call before the method runs. True: the call is answered already, and the method is not run (a ping). */
export type Observer = (self: unknown, args: readonly unknown[]) => boolean;

/**
 * Puts an observer in front of a method and gives its undo. The method is called with the same `this`, the same arguments
 * and its own result or exception. Undo takes the patch out when it is still on top; when somebody patched on top of it,
 * the link stays in their chain and only passes calls on.
 */
export function observeMethod(owner: object, name: string, observer: Observer, guard: Guard): Undo {
  const before = Object.getOwnPropertyDescriptor(owner, name);
  const method: unknown = Reflect.get(owner, name);
  if (typeof method !== 'function') return () => {};
  let isActive = true;
  const replacement = function (this: unknown, ...args: unknown[]): unknown {
    if (isActive && guard.ask(observer, this, args)) return true;
    return Reflect.apply(method, this, args);
  };
  // The same name and arity, for those who look.
  Object.defineProperty(replacement, 'name', { value: method.name, configurable: true });
  Object.defineProperty(replacement, 'length', { value: method.length, configurable: true });
  const enumerable = before?.enumerable ?? true;
  Object.defineProperty(owner, name, { value: replacement, writable: true, configurable: true, enumerable });
  return () => {
    isActive = false;
    if (Object.getOwnPropertyDescriptor(owner, name)?.value !== replacement) return;
    if (before === undefined) Reflect.deleteProperty(owner, name);
    else Object.defineProperty(owner, name, before);
  };
}

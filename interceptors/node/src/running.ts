import type { Counters } from '@soa-monitor/protocol';

export interface Interceptor {
  /** Reports what is left, says goodbye to the monitor and takes every patch out. */
  close(): Promise<void>;
  counters(): Counters;
}

/** On the global object, so that two copies of this package in one process patch it once. */
const RUNNING = Symbol.for('soa-monitor interceptor');

export function findRunning(): Interceptor | null {
  const found: unknown = Reflect.get(globalThis, RUNNING);
  return isInterceptor(found) ? found : null;
}

/** Remembers it until it is closed; closing twice closes once. */
export function keepRunning(interceptor: Interceptor): Interceptor {
  let closing: Promise<void> | null = null;
  const kept: Interceptor = {
    counters: interceptor.counters,
    close: () => {
      if (Reflect.get(globalThis, RUNNING) === kept) Reflect.deleteProperty(globalThis, RUNNING);
      closing ??= interceptor.close();
      return closing;
    },
  };
  Object.defineProperty(globalThis, RUNNING, { value: kept, configurable: true, enumerable: false });
  return kept;
}

const SAID = Symbol.for('soa-monitor said');

/** To the host's own channel for warnings, each text once in the life of the process. */
export function warnOnce(message: string): void {
  const said: unknown = Reflect.get(globalThis, SAID);
  const texts: Set<unknown> = said instanceof Set ? said : new Set();
  if (texts.has(message)) return;
  texts.add(message);
  Object.defineProperty(globalThis, SAID, { value: texts, configurable: true, enumerable: false });
  process.emitWarning(message, 'SoaMonitorWarning');
}

function isInterceptor(value: unknown): value is Interceptor {
  return typeof value === 'object' && value !== null && 'close' in value && 'counters' in value;
}

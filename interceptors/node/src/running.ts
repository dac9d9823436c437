import type { Counters } from '@soa-monitor/protocol';
import type { Core } from './core.ts';
import type { Causes } from './tap/causes.ts';
import type { MessageObserver } from './tap/message-taps.ts';
import type { PassTraceparent } from './tap/pass-traceparent.ts';
import type { ServedObserver } from './tap/served.ts';

export interface Interceptor {
  /** Reports what is left, says goodbye to the monitor and takes every patch out. */
  close(): Promise<void>;
  counters(): Counters;
}

/** The one interceptor of a process: what its taps share, and whether the process is patched. */
export interface RunningInterceptor extends Interceptor {
  readonly core: Core;
  readonly causes: Causes;
  readonly messages: MessageObserver;
  readonly served: ServedObserver;
  readonly passTraceparent: PassTraceparent | null;
  /** False: only what was given to it explicitly is observed. */
  isPatched(): boolean;
  /** Observes all HTTP of this process from now on; true when it does. */
  patch(): boolean;
}

/** On the global object, so that two copies of this package in one process patch it once. */
const RUNNING = Symbol.for('soa-monitor interceptor');

export function findRunning(): RunningInterceptor | null {
  const found: unknown = Reflect.get(globalThis, RUNNING);
  return isRunning(found) ? found : null;
}

/** Remembers it until it is closed; closing twice closes once. */
export function keepRunning(interceptor: RunningInterceptor): RunningInterceptor {
  let closing: Promise<void> | null = null;
  const kept: RunningInterceptor = {
    ...interceptor,
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

const isRunning = (value: unknown): value is RunningInterceptor =>
  typeof value === 'object' && value !== null && 'close' in value && 'core' in value && 'patch' in value;

import type { Undo } from './tap/patches.ts';

/** The part of `process` that is used, so that a test can bring its own. */
export interface HostProcess {
  readonly pid: number;
  prependListener(event: string, listener: (...args: unknown[]) => void): unknown;
  removeListener(event: string, listener: (...args: unknown[]) => void): unknown;
  listenerCount(event: string): number;
  getMaxListeners(): number;
  /** What keeps the process alive, one name each. */
  getActiveResourcesInfo(): readonly string[];
  kill(pid: number, signal: string): unknown;
}

const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

export interface ShutdownParts {
  /** Sends what is queued and says goodbye. Never rejects. */
  readonly finish: () => Promise<void>;
  /** Sends what is queued on the side. */
  readonly reportSoon: () => void;
  /** The rows seen so far. */
  readonly observed: () => number;
}

/** Work that the host begins in `beforeExit` begins within so many turns of the queue of promises. */
const HOST_TURNS = 10;

/** Sends what is queued when the process is about to end, and lets it end as it would have. */
export function watchShutdown(host: HostProcess, { finish, reportSoon, observed }: ShutdownParts): Undo {
  const lower = raiseMaxListeners(host);
  let observedAtFinish = -1;
  let unhush: Undo = () => {};

  // Fires again after each turn of work that it starts itself: then there must be news, or the process would never end.
  const onBeforeExit = (): void => {
    if (observed() !== observedAtFinish) void finishQuietly(workOf(host));
  };
  /**
   * If the host begins work now, `beforeExit` comes again after it, and ours may go on beside it. If it begins none, ours
   * alone keeps the process, and the host must not hear of a second end.
   */
  const finishQuietly = async (workBefore: number): Promise<void> => {
    observedAtFinish = observed();
    for (let turn = 0; turn < HOST_TURNS; turn++) await null;
    unhush();
    if (workOf(host) <= workBefore) unhush = hush(host, 'beforeExit', onBeforeExit);
    await finish();
  };
  // Before the host's, so that its work is seen to begin.
  host.prependListener('beforeExit', onBeforeExit);

  const undos = SIGNALS.map((signal): Undo => {
    const onSignal = (): void => {
      // Removed first: a second signal ends the process at once, and those who end it only when they are the last to listen
      // (signal-exit does) see what they would see without us. That is why we stand before them, too.
      undo();
      if (host.listenerCount(signal) > 0) reportSoon();
      else void finish().then(() => host.kill(host.pid, signal));
    };
    const undo = (): void => {
      host.removeListener(signal, onSignal);
    };
    host.prependListener(signal, onSignal);
    return undo;
  });

  return () => {
    host.removeListener('beforeExit', onBeforeExit);
    unhush();
    for (const undo of undos) undo();
    lower();
  };
}

/** A pipe of the standard streams is named whether it keeps the process or not. */
const workOf = (host: HostProcess): number =>
  host.getActiveResourcesInfo().filter((name) => name !== 'PipeWrap' && name !== 'TTYWrap').length;

/** The next emit of this event is ours alone; the undo ends that, unless somebody has put an emit of theirs on top. */
function hush(host: object, event: string, ours: () => void): Undo {
  const own = Object.getOwnPropertyDescriptor(host, 'emit');
  const emit: unknown = Reflect.get(host, 'emit');
  if (typeof emit !== 'function') return () => {};
  let isHushed = true;
  const replacement = (...args: unknown[]): unknown => {
    if (!isHushed || args[0] !== event) return Reflect.apply(emit, host, args);
    undo();
    ours();
    return true;
  };
  const undo = (): void => {
    isHushed = false;
    if (Reflect.get(host, 'emit') !== replacement) return;
    if (own === undefined) Reflect.deleteProperty(host, 'emit');
    else Object.defineProperty(host, 'emit', own);
  };
  Object.defineProperty(host, 'emit', { value: replacement, writable: true, configurable: true, enumerable: true });
  return undo;
}

/** With ours, a host that has as many listeners as Node allows before it warns of a leak would be warned. */
function raiseMaxListeners(host: HostProcess): Undo {
  const own: unknown = Reflect.get(host, '_maxListeners');
  const raised = host.getMaxListeners() + 1;
  // 0: without limit.
  if (raised === 1) return () => {};
  Reflect.set(host, '_maxListeners', raised);
  return () => {
    if (host.getMaxListeners() === raised) Reflect.set(host, '_maxListeners', own);
  };
}

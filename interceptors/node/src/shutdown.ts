import type { Undo } from './tap/patches.ts';

/** The part of `process` that is used, so that a test can bring its own. */
export interface HostProcess {
  readonly pid: number;
  on(event: string, listener: (...args: unknown[]) => void): unknown;
  prependListener(event: string, listener: (...args: unknown[]) => void): unknown;
  removeListener(event: string, listener: (...args: unknown[]) => void): unknown;
  listenerCount(event: string): number;
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

/** Sends what is queued when the process is about to end, and lets it end as it would have. */
export function watchShutdown(host: HostProcess, { finish, reportSoon, observed }: ShutdownParts): Undo {
  let observedAtFinish = -1;
  // Fires again after each turn of work that it starts itself: then there must be news, or the process would never end.
  const onBeforeExit = (): void => {
    if (observed() === observedAtFinish) return;
    observedAtFinish = observed();
    void finish();
  };
  host.on('beforeExit', onBeforeExit);

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
    for (const undo of undos) undo();
  };
}

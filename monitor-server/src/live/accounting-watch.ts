import type { Accounting } from '@soa-monitor/protocol';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { Store } from '../store/store.ts';

/** Looks at the accounting once a second while somebody watches, and tells when it changed. */
export interface AccountingWatch {
  current(): Promise<Accounting>;
  close(): void;
}

const EVERY_MILLIS = 1_000;

export function createAccountingWatch(parts: {
  readonly store: Pick<Store, 'accounting'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly isWatched: () => boolean;
  readonly onChange: (accounting: Accounting) => void;
}): AccountingWatch {
  const { store, clock, log, isWatched, onChange } = parts;
  let told = '';
  let closed = false;
  let cancel = clock.after(EVERY_MILLIS, look);

  function look(): void {
    if (isWatched()) store.accounting(clock.now()).then(tell, fail);
    else next();
  }

  function tell(accounting: Accounting): void {
    const text = JSON.stringify(accounting);
    if (text !== told && !closed) onChange(accounting);
    told = text;
    next();
  }

  function fail(error: unknown): void {
    log.error({ err: error }, 'the store could not give its accounting');
    next();
  }

  function next(): void {
    if (!closed) cancel = clock.after(EVERY_MILLIS, look);
  }

  return {
    current: () => store.accounting(clock.now()),
    close() {
      closed = true;
      cancel();
    },
  };
}

import { lazy, Suspense, useEffect, useState } from 'react';
import type { Connection } from '../session/session.ts';
import { useSession } from './session-context.tsx';

/**
 * What stands where the map will be while there is no node: what is waited for, and, once it is sure that the monitor knows of
 * no service, how to connect the first one. A map on its way must not look like an estate without services.
 */
export function EmptyMap({ isSure }: { readonly isSure: boolean }) {
  const connection = useSession((snapshot) => snapshot.connection);
  if (isSure)
    return (
      <Suspense>
        <FirstRun />
      </Suspense>
    );
  return (
    <div className="cover">
      <p className="quiet" role="status">
        {WAITING_FOR[connection]}
      </p>
    </div>
  );
}

/** Whether the monitor knows of no service: it has told, and still there is none. */
export function useSureOfNone(): boolean {
  const isTold = useSession((snapshot) => snapshot.connection === 'connected' && snapshot.accounting !== null);
  const isEmpty = useSession((snapshot) => snapshot.nodes.length === 0 && snapshot.mode.kind === 'live');
  const [isSure, setSure] = useState(false);
  const mayBeSure = isTold && isEmpty;
  useEffect(() => {
    setSure(false);
    if (!mayBeSure) return;
    const timer = setTimeout(() => setSure(true), SURE_MILLIS);
    return () => clearTimeout(timer);
  }, [mayBeSure]);
  return isSure;
}

const WAITING_FOR: Record<Connection, string> = {
  connecting: 'Connecting to the monitor …',
  connected: 'Loading the map …',
  stale: 'Waiting for the monitor …',
  disconnected: 'Waiting for the monitor …',
};

/** The nodes come with the first news or shortly after it. */
const SURE_MILLIS = 2_000;

const FirstRun = lazy(async () => ({ default: (await import('./FirstRun.tsx')).FirstRun }));

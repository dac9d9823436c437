import type { Listener } from '@soa-monitor/protocol';
import type { Process } from '../store/store.ts';
import type { ListenerHealth } from './listener-health.ts';
import type { Shown } from './worst-state.ts';

/** The service behind a proxy, as the proxy last found it. */
export type Behind = NonNullable<Listener['behind']>;

/** What is shown of a listener: its own state, unless it is a proxy's and the service behind it is worse off. */
export type ShownHealth = Pick<ListenerHealth, 'state' | 'reason'> & {
  /** Whose life the state tells of. */
  readonly of: 'listener' | 'behind';
};

/**
 * A proxy answers pings itself, so its pong says nothing of the service behind it: that is down when the proxy finds it so.
 * What the proxy says counts only while the proxy lives: once it is down, its last word is old, and its own state is shown.
 */
export function withBehind({ state, reason }: ListenerHealth, behind: Behind | undefined): ShownHealth {
  if (behind?.state !== 'down' || state === 'down') return { state, reason, of: 'listener' };
  const own = state === 'up' ? 'itself answers' : `itself: ${reason}`;
  return { state: 'down', reason: `${behindWords(behind)}; the proxy ${own}`, of: 'behind' };
}

/** Of a server that may not be pinged: unknown, unless the proxy that was heard last in its name finds the service down. */
export function withoutPing(reason: string, server: string, processes: readonly Process[]): Shown {
  const [last] = processes.filter((one) => one.server === server).toSorted((a, b) => b.lastReportAt - a.lastReportAt);
  const down = last?.listeners.find(({ behind }) => behind?.state === 'down')?.behind;
  if (down === undefined) return { state: 'unknown', reason };
  return { state: 'down', reason: `${behindWords(down)}; the proxy itself is not pinged: ${reason}`, isBehind: true };
}

function behindWords({ address, detail }: Behind): string {
  const found = /\bECONNREFUSED\b/.test(detail) ? ' refuses connections' : detail === '' ? '' : `: ${detail}`;
  return `the service behind the proxy does not answer (${address}${found})`;
}

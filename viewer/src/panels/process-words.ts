import type { NodeProcess } from '@soa-monitor/protocol';
import { formatCount, formatPlural } from '../format/numbers.ts';
import { formatAgo } from '../format/times.ts';

/** The life of a reporting process, by its own word. */
export function lifeWords({ life, lastReportAt }: NodeProcess, now: number): string {
  if (life === 'reporting') return 'reports';
  const ago = formatAgo(lastReportAt, now);
  return life === 'closed' ? `said goodbye ${ago}` : `silent since ${ago}`;
}

/** What it counted beside the messages that are on the map. */
export function besideWords({ noise, pings, failures }: NodeProcess): readonly string[] {
  return [
    ...(noise > 0
      ? [`${formatPlural(noise, 'HTTP request', 'HTTP requests')} that ${noise === 1 ? 'was' : 'were'} no SOAP`]
      : []),
    ...(pings > 0 ? [`${formatPlural(pings, 'ping', 'pings')} answered`] : []),
    ...(failures > 0 ? [`${formatCount(failures)} failures inside the interceptor; the messages passed`] : []),
  ];
}

type Listener = NodeProcess['listeners'][number];

/** Whether it watches as a proxy, not from inside the service. */
export const isProxy = ({ listeners }: NodeProcess): boolean => listeners.some(({ behind }) => behind !== undefined);

export const listenerAddress = ({ address, port, tls }: Listener): string =>
  `${address.includes(':') ? `[${address}]` : address}:${port}${tls ? ', TLS' : ''}`;

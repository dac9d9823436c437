import { isIP } from 'node:net';
import { plainAddress } from '@soa-monitor/protocol';

export interface Bind {
  readonly host: string;
  /** Whether the ingest key was given, rather than made at first start. */
  readonly ingestKeyGiven: boolean;
  readonly viewerTokenSet: boolean;
}

/** Why the server may not listen there, or null. Until there is access control, what is reachable from elsewhere needs both secrets. */
export function bindRefusal({ host, ingestKeyGiven, viewerTokenSet }: Bind): string | null {
  if (isLoopback(host)) return null;
  const missing = [
    ...(ingestKeyGiven ? [] : ['an ingest key (SOA_MONITOR_KEY)']),
    ...(viewerTokenSet ? [] : ['a viewer token (SOA_MONITOR_VIEWER_TOKEN)']),
  ];
  return missing.length === 0 ? null : `listening on ${host}, which others can reach, needs ${missing.join(' and ')}`;
}

/** Names count only as `localhost`; another name may be resolved to anything. */
export function isLoopback(host: string): boolean {
  const plain = plainAddress(host);
  if (plain === 'localhost' || plain === '::1') return true;
  return isIP(plain) === 4 && plain.startsWith('127.');
}

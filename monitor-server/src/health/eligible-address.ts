import { isIP } from 'node:net';
import { type Listener, plainAddress } from '@soa-monitor/protocol';
import type { Process } from '../store/store.ts';

export type Eligible =
  | { readonly kind: 'eligible'; readonly host: string; readonly port: number; readonly tls: boolean }
  | { readonly kind: 'ineligible'; readonly reason: string };

/**
 * Where a listener may be pinged (design, section 8): a reporter can name any address, and the monitor must not become a
 * way to reach others. So only the reporter's own address counts, loopback only for who came over loopback, and what the
 * operator allows by name. A name is never resolved unless it is allowed; only a literal IP is an address here, so that
 * 2130706433, 0177.0.0.1 and localhost are names.
 */
export function eligibleAddress(
  listener: Listener,
  process: Pick<Process, 'remoteAddress' | 'advertised'>,
  pingAllow: ReadonlySet<string>,
): Eligible {
  const bound = plainAddress(listener.address);
  const remote = plainAddress(process.remoteAddress);
  const eligible = (host: string, port: number): Eligible => ({ kind: 'eligible', host, port, tls: listener.tls });

  if (isWildcard(bound)) {
    // Behind a translated port the way in is the advertised address, where the operator allows it.
    const advertised = splitAuthority(process.advertised);
    if (advertised !== null && pingAllow.has(authority(advertised.host, advertised.port))) {
      return eligible(advertised.host, advertised.port);
    }
    return isIP(remote) === 0 || isWildcard(remote)
      ? { kind: 'ineligible', reason: 'the address its reports come from is not known' }
      : eligible(remote, listener.port);
  }
  if (pingAllow.has(authority(bound, listener.port))) return eligible(bound, listener.port);
  if (isIP(bound) === 0) return { kind: 'ineligible', reason: notAllowed(bound, listener.port, 'it is a name') };
  if (isLoopbackAddress(bound)) {
    return isLoopbackAddress(remote)
      ? eligible(bound, listener.port)
      : { kind: 'ineligible', reason: `it listens on loopback of another machine (its reports come from ${remote})` };
  }
  return bound === remote
    ? eligible(bound, listener.port)
    : { kind: 'ineligible', reason: notAllowed(bound, listener.port, `its reports come from ${remote}`) };
}

/** host:port as it stands in --ping-allow and in Host: lower case, IPv6 in brackets. */
export const authority = (host: string, port: number): string =>
  `${isIP(host) === 6 ? `[${host.toLowerCase()}]` : host.toLowerCase()}:${port}`;

/** Null when it is not host:port. */
export function splitAuthority(text: string | null): { readonly host: string; readonly port: number } | null {
  const match = /^(?:\[([0-9a-fA-F:.]+)\]|([^\s:/@[\]?#]+)):(\d{1,5})$/.exec(text ?? '');
  const host = match?.[1] ?? match?.[2];
  const port = Number(match?.[3]);
  return host === undefined || port < 1 || port > 65_535 ? null : { host: host.toLowerCase(), port };
}

const isWildcard = (address: string): boolean => address === '0.0.0.0' || address === '::' || address === '';

const isLoopbackAddress = (address: string): boolean =>
  address === '::1' || (isIP(address) === 4 && address.startsWith('127.'));

const notAllowed = (host: string, port: number, why: string): string =>
  `${authority(host, port)} may not be pinged: ${why}; --ping-allow ${authority(host, port)} allows it`;

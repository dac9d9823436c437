import { plainAddress } from '@soa-monitor/protocol';

/** host:port or [host]:port, taken apart; the host plain and in lower case, the port 0 when none is given. */
export interface HostPort {
  readonly host: string;
  readonly port: number;
}

export function hostPort(address: string): HostPort {
  const bracketed = /^\[([^\]]*)\](?::(\d+))?$/.exec(address);
  if (bracketed !== null) return { host: plainAddress(bracketed[1] ?? ''), port: Number(bracketed[2] ?? 0) };
  const colon = address.lastIndexOf(':');
  // More than one colon without brackets is an IPv6 address without a port.
  if (colon < 0 || address.indexOf(':') !== colon) return { host: plainAddress(address).toLowerCase(), port: 0 };
  return { host: plainAddress(address.slice(0, colon)).toLowerCase(), port: Number(address.slice(colon + 1)) || 0 };
}

export const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || host.startsWith('127.') || host.endsWith('.localhost');

export const isWildcard = (host: string): boolean => host === '0.0.0.0' || host === '::' || host === '';

export const shownHostPort = (host: string, port: number): string =>
  host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;

import { isLoopback } from './addresses.ts';
import type { Connections } from './connections.ts';
import type { Half, Line } from './half.ts';
import type { Process } from './processes.ts';

/**
 * Which host has an address, by the connections that its processes report. Private addresses are given anew in each
 * network (every container host has its own 172.17.0.2), so the ends of a connection may be those of another network.
 */
export interface AddressClaims {
  saw(half: Half): void;
  /** Whether the two ends are surely those of one connection, surely not to be told from others, or neither yet. */
  judge(client: Half, server: Half): 'sure' | 'contested' | 'open';
}

/** A host whose processes have been silent for so long has lost its claim: the address was given to another. */
const CLAIM_MICROS = 60_000_000;
const ADDRESSES_MAX = 50_000;

interface Claim {
  process: Process;
  /** Until then the address is taken for one that several hosts have. */
  contestedUntil: number;
}

/** Bounded: the address that was claimed first is forgotten, and is then nobody's until it is claimed again. */
export function createAddressClaims({ lineOf }: Pick<Connections, 'lineOf'>): AddressClaims {
  const claims = new Map<string, Claim>();
  /** The addresses that were looked at, taken apart once. */
  const privacy = new Map<string, boolean>();
  /** The address is one that only one host in the world has, or the one from which its reports come. */
  const isSettled = (process: Process, address: string): boolean => {
    let isOwn = privacy.get(address);
    if (isOwn === undefined) {
      if (privacy.size >= ADDRESSES_MAX) privacy.clear();
      isOwn = isPrivate(address);
      privacy.set(address, isOwn);
    }
    return !isOwn || process.remoteAddress === address;
  };

  const claim = (key: string, process: Process): void => {
    const now = process.lastReportAt;
    const known = claims.get(key);
    if (known === undefined) {
      claims.set(key, { process, contestedUntil: 0 });
      const [oldest] = claims.size > ADDRESSES_MAX ? claims.keys() : [];
      if (oldest !== undefined) claims.delete(oldest);
      return;
    }
    if (known.process.hostId !== process.hostId) {
      const isAlive = !known.process.closing && known.process.lastReportAt > now - CLAIM_MICROS;
      if (isAlive) known.contestedUntil = now + 10 * CLAIM_MICROS;
    }
    known.process = process;
  };
  /** A process says the same of a connection with each row of a report. */
  const isNews = (half: Half): boolean => {
    const line = lineOf(half);
    const { lastReportAt } = half.process;
    if (line === null) return false;
    const isClient = half.role === 'client';
    const isKnown = isClient
      ? line.client === half.process && line.clientClaimedAt === lastReportAt
      : line.server === half.process && line.serverClaimedAt === lastReportAt;
    if (isClient) line.clientClaimedAt = lastReportAt;
    else line.serverClaimedAt = lastReportAt;
    return !isKnown;
  };
  const isContested = (key: string, { lastReportAt }: Process): boolean =>
    (claims.get(key)?.contestedUntil ?? 0) >= lastReportAt;

  return {
    saw(half) {
      if (!isNews(half)) return;
      const address = ownAddress(half, lineOf(half));
      if (address === null) return;
      claim(address, half.process);
      claim(behind(half.process, address), half.process);
    },
    judge(client, server) {
      if (client.process.hostId === server.process.hostId) return 'sure';
      const [clientAddress, serverAddress] = [ownAddress(client, lineOf(client)), ownAddress(server, lineOf(server))];
      if (clientAddress === null || serverAddress === null) return 'contested';
      const isClientSettled = isSettled(client.process, clientAddress);
      if (isClientSettled && isSettled(server.process, serverAddress)) return 'sure';
      if (client.process.remoteAddress === server.process.remoteAddress)
        return isContested(behind(client.process, clientAddress), client.process) ? 'contested' : 'open';
      // Several hosts with one server's address are a balancer's replicas; with one client's address, several networks.
      const isClientContested = isContested(clientAddress, client.process);
      const isServerContested = !isClientSettled && isContested(serverAddress, server.process);
      return isClientContested || isServerContested ? 'contested' : 'open';
    },
  };
}

/** An address within the network whose reports all come from one address. */
const behind = ({ remoteAddress }: Process, address: string): string => `${remoteAddress} ${address}`;

function ownAddress({ role }: Half, line: Line | null): string | null {
  if (line === null) return null;
  const host = line.ends[role];
  return line.ends.isLocal && isLoopback(host) ? null : host;
}

/** RFC 1918, RFC 6598, link-local, and the like for IPv6 (RFC 4193, RFC 4291). */
function isPrivate(address: string): boolean {
  if (address.includes(':')) return /^(f[cd]|fe[89ab])/i.test(address);
  const [a = 0, b = 0] = address.split('.').map(Number);
  if (a === 10 || (a === 192 && b === 168) || (a === 169 && b === 254)) return true;
  return (a === 172 && b >= 16 && b <= 31) || (a === 100 && b >= 64 && b <= 127);
}

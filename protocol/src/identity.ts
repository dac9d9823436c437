/**
 * Node and link ids are hashes of what makes them the same thing over restarts (design: words). 64 bits in 13 characters
 * of base 32: with 100,000 nodes the chance of one collision is below 10^-9. Not a defence against a reporter that builds
 * collisions on purpose; an ingest key is.
 */
export type NodeKind = 'machine' | 'server' | 'endpoint' | 'client' | 'outside';

export const machineId = (machine: string): string => idOf('machine', machine);
export const serverId = (machine: string, name: string): string => idOf('server', machine, name);
export const endpointId = (machine: string, name: string, path: string): string =>
  idOf('endpoint', machine, name, path);
/** A reporting process that hosts no endpoint. */
export const clientId = (machine: string, name: string): string => idOf('client', machine, name);
/** A caller that is known by its IP address only (no port, IPv4-mapped addresses as IPv4). */
export const addressId = (address: string): string => idOf('address', address);
/** A callee that no interceptor reports: host and port as called, lower case, and the path. */
export const outsideId = (authority: string, path: string): string => idOf('outside', authority, path);
export const linkId = (source: string, target: string): string => idOf('link', source, target);

/** Whether the exchange is among the 1 in `k` that are drawn: a hash, so that live and replay draw the same ones. */
export const isSampled = (exchangeId: string, k: number): boolean => k <= 1 || hash32(exchangeId, 0x9e3779b9) % k === 0;

/** An address as it is compared: without IPv4 mapping and zone. */
export function plainAddress(address: string): string {
  const unzoned = address.split('%', 1)[0] ?? '';
  return unzoned.startsWith('::ffff:') && unzoned.includes('.') ? unzoned.slice(7) : unzoned.toLowerCase();
}

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';

function idOf(...parts: readonly string[]): string {
  // A length before each part, so that ('a','bc') and ('ab','c') differ whatever the parts contain.
  const text = parts.map((part) => `${part.length}:${part}`).join('');
  let high = hash32(text, 0x243f6a88);
  let low = hash32(text, 0x85a308d3);
  let id = '';
  for (let i = 0; i < 13; i++) {
    id += ALPHABET[low & 31];
    low = ((low >>> 5) | (high << 27)) >>> 0;
    high >>>= 5;
  }
  return id;
}

/** MurmurHash3's 32-bit variant over UTF-16 code units, seeded. */
function hash32(text: string, seed: number): number {
  let hash = seed;
  for (let i = 0; i < text.length; i++) {
    let k = Math.imul(text.charCodeAt(i), 0xcc9e2d51);
    k = Math.imul((k << 15) | (k >>> 17), 0x1b873593);
    hash ^= k;
    hash = (hash << 13) | (hash >>> 19);
    hash = (Math.imul(hash, 5) + 0xe6546b64) | 0;
  }
  hash ^= text.length;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

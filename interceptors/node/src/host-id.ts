import { createHash } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname, uptime } from 'node:os';
import { attempt } from './tap/guarded.ts';

/**
 * The same for all processes between which an address and a port mean one thing: a boot of a machine and, on Linux, a network
 * namespace. Elsewhere the time of boot, to ten minutes (it is computed, and two processes must agree).
 */
export function readHostId(): string {
  const boot = attempt(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim());
  const network = attempt(() => readlinkSync('/proc/self/ns/net'));
  const bootTime = Math.round((Date.now() / 1_000 - uptime()) / 600);
  const identity = boot === undefined ? `${hostname()}\n${bootTime}` : `${boot}\n${network ?? ''}`;
  return createHash('sha256').update(identity).digest('hex').slice(0, 32);
}

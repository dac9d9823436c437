import { readFile, readlink } from 'node:fs/promises';
import { hostname } from 'node:os';
import { attempt } from '../../tap/guarded.ts';

/** A process, told apart from one that later got the same number. */
export interface Owner {
  readonly pid: number;
  /** In the kernel's ticks since boot; null where the kernel does not tell. */
  readonly startedAt: string | null;
  /** Where the number means this process: a boot, and a namespace of process numbers (a container has its own). */
  readonly scope: string;
}

/** An owner that cannot be looked up touches its file this often, */
export const BEAT_MILLIS = 10_000;
/** and is taken for gone when it has not for so long. */
const SILENT_MILLIS_MAX = 60_000;

export async function readSelf(): Promise<Owner> {
  const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => hostname());
  const processes = await readlink('/proc/self/ns/pid').catch(() => '');
  return { pid: process.pid, startedAt: await startOf('self'), scope: `${boot.trim()} ${processes}` };
}

/** `beatAt` and `now` in epoch milliseconds. */
export async function isGone(owner: Owner, self: Owner, beatAt: number, now: number): Promise<boolean> {
  if (owner.scope !== self.scope || owner.startedAt === null || self.startedAt === null)
    return now - beatAt > SILENT_MILLIS_MAX;
  return (await startOf(owner.pid)) !== owner.startedAt;
}

/** proc(5), field 22. The second field is the program's name, in parentheses, and may hold anything. */
async function startOf(pid: number | 'self'): Promise<string | null> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
}

export function parseOwner(text: string): Owner | null {
  const value: unknown = attempt(() => JSON.parse(text));
  const fields = typeof value === 'object' && value !== null ? value : {};
  const pid: unknown = Reflect.get(fields, 'pid');
  const startedAt: unknown = Reflect.get(fields, 'startedAt');
  const scope: unknown = Reflect.get(fields, 'scope');
  if (typeof pid !== 'number' || !Number.isSafeInteger(pid) || typeof scope !== 'string') return null;
  return { pid, startedAt: typeof startedAt === 'string' ? startedAt : null, scope };
}

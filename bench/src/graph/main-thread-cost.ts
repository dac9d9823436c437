import { readFile } from 'node:fs/promises';
import type { Viewer } from '@soa-monitor/end-to-end';

type Browser = NonNullable<ReturnType<ReturnType<Viewer['page']['context']>['browser']>>;
type Session = Awaited<ReturnType<Browser['newBrowserCDPSession']>>;

/** What a process's main thread did so far, ms: on a core, and ready to go on while others had the cores. */
export interface ThreadTimes {
  readonly ran: number;
  readonly waited: number;
}

/** CPU of all processes of a browser so far, seconds. */
export async function cpuOfAll(session: Session): Promise<number> {
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  return processInfo.reduce((sum, { cpuTime }) => sum + cpuTime, 0);
}

/** Of the page's own process: the busiest one that draws pages. Null where the system does not tell (Linux does). */
export async function mainThreadTimes(session: Session): Promise<ThreadTimes | null> {
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  const [page] = processInfo.filter(({ type }) => type === 'renderer').sort((a, b) => b.cpuTime - a.cpuTime);
  if (page === undefined) return null;
  const text = await readFile(`/proc/${page.id}/task/${page.id}/schedstat`, 'utf8').catch(() => null);
  const [ran = Number.NaN, waited = Number.NaN] = (text ?? '').split(' ').map(Number);
  return Number.isFinite(waited) ? { ran: ran / 1e6, waited: waited / 1e6 } : null;
}

import type { Viewer } from '@soa-monitor/end-to-end';

type Page = Viewer['page'];
type CDPSession = Awaited<ReturnType<ReturnType<Page['context']>['newCDPSession']>>;

/** What a page costs: its heap with those of its workers, and the CPU of all processes of its browser. */
export interface BrowserUsage {
  /** After garbage is collected, bytes. */
  heapBytes(): Promise<number>;
  cpu(): Promise<Cpu>;
}

/** Seconds, of all processes and of each kind of them: the page's, the one that puts pictures together, the browser's own. */
export interface Cpu {
  readonly all: number;
  readonly byKind: Readonly<Record<string, number>>;
}

interface Reply {
  readonly id?: number;
  readonly result?: { readonly usedSize?: number };
}

export async function browserUsage(page: Page): Promise<BrowserUsage> {
  const session = await page.context().newCDPSession(page);
  const whole = await page.context().browser()?.newBrowserCDPSession();
  const workers = await followWorkers(session);
  return {
    async heapBytes() {
      await session.send('HeapProfiler.collectGarbage');
      const { usedSize } = await session.send('Runtime.getHeapUsage');
      return usedSize + (await workers());
    },
    async cpu() {
      const told = await whole?.send('SystemInfo.getProcessInfo');
      const byKind: Record<string, number> = {};
      for (const { type, cpuTime } of told?.processInfo ?? []) byKind[type] = (byKind[type] ?? 0) + cpuTime;
      return { all: Object.values(byKind).reduce((sum, seconds) => sum + seconds, 0), byKind };
    },
  };
}

/** What was used between two looks, in percent of a core: in all, and in words by kind of process. */
export function shareOfCore(
  before: Cpu,
  after: Cpu,
  seconds: number,
): { readonly all: number; readonly words: string } {
  const share = (spent: number): number => (spent / seconds) * 100;
  const words = Object.entries(after.byKind)
    .map(([kind, spent]) => ({ kind, of: share(spent - (before.byKind[kind] ?? 0)) }))
    .filter(({ of }) => of >= 0.1)
    .map(({ kind, of }) => `${kind.replace(/^.*\./, '')} ${of.toFixed(1)}`)
    .join(', ');
  return { all: share(after.all - before.all), words };
}

/** Each worker has a heap of its own, and is asked by messages through its page. */
async function followWorkers(session: CDPSession): Promise<() => Promise<number>> {
  const known = new Set<string>();
  const waiting = new Map<number, (reply: Reply) => void>();
  let last = 0;
  session.on('Target.attachedToTarget', ({ sessionId }) => void known.add(sessionId));
  session.on('Target.detachedFromTarget', ({ sessionId }) => void known.delete(sessionId));
  session.on('Target.receivedMessageFromTarget', ({ message }) => {
    const reply: Reply = JSON.parse(message);
    if (reply.id === undefined) return;
    waiting.get(reply.id)?.(reply);
    waiting.delete(reply.id);
  });
  const ask = (sessionId: string, method: string): Promise<Reply> => {
    const id = ++last;
    const reply = new Promise<Reply>((resolve) => waiting.set(id, resolve));
    return session
      .send('Target.sendMessageToTarget', { sessionId, message: JSON.stringify({ id, method }) })
      .then(() => reply);
  };
  await session.send('Target.setAutoAttach', { autoAttach: true, waitForDebuggerOnStart: false, flatten: false });
  return async () => {
    let sum = 0;
    for (const sessionId of known) {
      await ask(sessionId, 'HeapProfiler.collectGarbage');
      sum += (await ask(sessionId, 'Runtime.getHeapUsage')).result?.usedSize ?? 0;
    }
    return sum;
  };
}

/** Runs tasks, at most so many at a time, the rest in order. A task must not reject. */
export interface PingLine {
  add(task: () => Promise<void>): void;
  /** Resolves when nothing runs any more; what waits is dropped. */
  close(): Promise<void>;
}

export function createPingLine(settings: { readonly concurrent: number }): PingLine {
  const waiting: (() => Promise<void>)[] = [];
  const running = new Set<Promise<void>>();
  function next(): void {
    while (running.size < settings.concurrent) {
      const task = waiting.shift();
      if (task === undefined) return;
      const run = task().finally(() => {
        running.delete(run);
        next();
      });
      running.add(run);
    }
  }
  return {
    add(task) {
      waiting.push(task);
      next();
    },
    async close() {
      waiting.length = 0;
      await Promise.all(running);
    },
  };
}

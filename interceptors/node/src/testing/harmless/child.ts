/**
 * A process of its own for many cases. Nothing of the host's is imported before the interceptor, when it is to come early;
 * where it is not to come at all, nothing of it is ever loaded.
 */
export interface Job {
  /** Null: without the interceptor. */
  readonly monitor: string | null;
  readonly isEarly: boolean;
  readonly cases: readonly {
    readonly index: number;
    readonly group: string;
    readonly row: { [name: string]: string };
  }[];
}

process.once('message', (job: Job) => void start(job));

async function start(job: Job): Promise<void> {
  if (job.monitor !== null && job.isEarly) {
    const { monitorSoap } = await import('../../interceptor.ts');
    monitorSoap({ monitor: job.monitor, key: 'secret', name: 'n', machine: 'm' });
  }
  const { runCases } = await import('./run-cases.ts');
  await runCases(job, (message) => new Promise<void>((sent) => process.send?.(message, () => sent())));
  process.disconnect();
}

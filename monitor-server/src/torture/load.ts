import { setTimeout as wait } from 'node:timers/promises';
import type { Random } from '../store/testing/random.ts';
import type { FakeEstate } from './fake-estate.ts';
import type { FakeReporter } from './fake-reporter.ts';

/** Reports of an estate on their way to a monitor that may be gone at any moment. */
export interface Load {
  /** Where the monitor is now; null while it is away. */
  sendTo(url: string | null): void;
  /** No new exchanges happen; what happened is still sent. */
  calm(): void;
  /** Statuses of the answers so far; 0: none came. */
  readonly answers: ReadonlyMap<number, number>;
  /** 429 and 503 without Retry-After. */
  unasked(): number;
  stop(): Promise<void>;
}

const AWAY_MILLIS = 5;

export function startLoad(settings: {
  readonly estate: FakeEstate;
  readonly random: Random;
  /** Exchanges of the whole load, at most: the store stays small enough to be checked each time. */
  readonly exchangesMax: number;
}): Load {
  const { estate, random, exchangesMax } = settings;
  const answers = new Map<number, number>();
  let unasked = 0;
  let url: string | null = null;
  let isCalm = false;
  let isStopped = false;

  async function pump(reporter: FakeReporter): Promise<void> {
    while (!isStopped) {
      if (!isCalm && reporter.backlog < 50 && estate.expected.size < exchangesMax) estate.happen(random.between(1, 20));
      if (url === null || reporter.isHeld || (reporter.backlog === 0 && !random.chance(0.1))) {
        await wait(AWAY_MILLIS);
        continue;
      }
      const again = random.chance(0.2) ? reporter.sentBefore(random.between(1, 20)) : [];
      const { status, retryAfter } = await reporter.send(url, random.between(1, 60), again);
      if ((status === 503 || status === 429) && retryAfter === null) unasked++;
      answers.set(status, (answers.get(status) ?? 0) + 1);
      await wait(status === 202 ? random.between(0, 5) : 2 * AWAY_MILLIS);
    }
  }

  const pumps = estate.reporters.map(pump);
  return {
    sendTo(to) {
      url = to;
    },
    calm() {
      isCalm = true;
    },
    answers,
    unasked: () => unasked,
    async stop() {
      isStopped = true;
      await Promise.all(pumps);
    },
  };
}

import type { CommitTimes } from '../store.ts';

/** How long transactions took, and how many requests each did: histograms since the writer began, a few µs a commit. */
export function createCommitTimes() {
  const seconds = createCounted([0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5]);
  const requests = createCounted([1, 2, 4, 8, 16, 32, 64]);
  return {
    took(millis: number, requestCount: number): void {
      seconds.add(millis / 1_000);
      requests.add(requestCount);
    },
    read: (): CommitTimes => ({ seconds: seconds.read(), requests: requests.read() }),
  };
}

function createCounted(bounds: readonly number[]) {
  const counts = new Array<number>(bounds.length + 1).fill(0);
  let sum = 0;
  return {
    add(value: number): void {
      const found = bounds.findIndex((bound) => value <= bound);
      const index = found === -1 ? bounds.length : found;
      counts[index] = (counts[index] ?? 0) + 1;
      sum += value;
    },
    read: () => ({ bounds, counts: [...counts], sum }),
  };
}

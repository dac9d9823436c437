import { describe, expect, test } from 'vitest';
import { createManualClock } from '../testing/manual-clock.ts';
import { createRetention } from './retention.ts';

const DAY_MICROS = 24 * 3_600 * 1_000_000;
const quiet = { debug() {}, info() {}, warn() {} };

describe('retention', () => {
  test('asks the store to forget soon after the start, and every minute from then on, also after a failure', async () => {
    const clock = createManualClock();
    const asked: number[] = [];
    const limits: unknown[] = [];
    const errors: string[] = [];
    const store = {
      forget(before: number, more: unknown) {
        asked.push(clock.now() - before);
        limits.push(more);
        return asked.length === 1 ? Promise.reject(new Error('disk full')) : Promise.resolve({ expired: 3 });
      },
    };
    const log = { ...quiet, error: (_fields: object, message: string) => void errors.push(message) };
    const retention = createRetention({
      ...{ store, clock, log },
      kept: { keepDays: 30, keepBodiesDays: 7, keepRollupsDays: 400, maxSizeGib: 2 },
    });
    const begun = clock.now();
    await clock.advance(30_000);
    expect(asked).toEqual([30 * DAY_MICROS]);
    expect(errors).toHaveLength(1);
    const at = begun + 30_000_000;
    expect(limits).toEqual([
      { bodiesBefore: at - 7 * DAY_MICROS, rollupsBefore: at - 400 * DAY_MICROS, bytesMax: 2 ** 31 },
    ]);
    await clock.advance(120_000);
    expect(asked).toHaveLength(3);
    retention.close();
    await clock.advance(1_200_000);
    expect(asked).toHaveLength(3);
  });
});

import { expect, test } from 'vitest';
import { countsAfterDeath, countsOfReport, countsWith } from './row-counts.ts';

const last = {
  ...{ observed: 100, acknowledged: 40, refused: 2, inTransit: 10, queued: 45, dropped: { queueFull: 3 } },
  ...{ noise: 7, pings: 1, failures: 0 },
};
const onDisk = { handed: 30, acknowledged: 10, refused: 1, inTransit: 15, queued: 4, dropped: {} };

test('what a dead process had observed and is nowhere was lost with it', () => {
  expect(countsOfReport(countsWith(countsAfterDeath(last, 30), onDisk), 15)).toEqual({
    observed: 100,
    acknowledged: 50,
    refused: 3,
    inTransit: 15,
    queued: 4,
    dropped: { queueFull: 3, lostWithProcess: 25 },
  });
});

test('rows that reached the disk after the last manifest count as observed, and nothing as lost', () => {
  const counts = countsAfterDeath(last, 70);
  expect(counts).toMatchObject({ observed: 115, dropped: { queueFull: 3 } });
  expect(countsWith(counts, { ...onDisk, handed: 70, queued: 44 })).toMatchObject({ acknowledged: 50, queued: 44 });
});

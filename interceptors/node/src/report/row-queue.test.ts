import fc from 'fast-check';
import { expect, test } from 'vitest';
import { observation } from '../testing/observation.ts';
import { createRowQueue, type RowQueue } from './row-queue.ts';

const sumOf = (queue: RowQueue): number => {
  const { acknowledged, refused, inTransit, queued, dropped } = queue.counts();
  return acknowledged + refused + inTransit + queued + Object.values(dropped).reduce((sum, count) => sum + count, 0);
};

test('numbers rows in order and gives the oldest first', () => {
  const queue = createRowQueue({ rowsMax: 10, bytesMax: 1e6 });
  for (let i = 0; i < 3; i++) queue.offer(observation({ exchangeNo: i }));
  expect(queue.take(2, 1e6).map((row) => [row.rowSeq, row.exchangeNo])).toEqual([
    [0, 0],
    [1, 1],
  ]);
  queue.settle(2, 0);
  expect(queue.take(2, 1e6).map((row) => row.rowSeq)).toEqual([2]);
});

test('drops the oldest when there are too many rows or bytes, and counts them', () => {
  const byRows = createRowQueue({ rowsMax: 2, bytesMax: 1e6 });
  const byBytes = createRowQueue({ rowsMax: 1e6, bytesMax: 3_000 });
  for (let i = 0; i < 50; i++) {
    byRows.offer(observation({}));
    byBytes.offer(observation({ fault: { code: 'x', reason: 'r'.repeat(1_000) } }));
  }
  expect(byRows.counts()).toMatchObject({ observed: 50, queued: 2, dropped: { queueFull: 48 } });
  expect(byRows.take(9, 1e6).map((row) => row.rowSeq)).toEqual([48, 49]);
  expect(byBytes.counts()).toMatchObject({ queued: 2, dropped: { queueFull: 48 } });
});

test('captured bodies count: neither the queue nor a batch holds many large ones', () => {
  const body = { text: 'x'.repeat(65_536), bytes: 1e6, truncated: true, redacted: 0, rules: 'r' };
  const queue = createRowQueue({ rowsMax: 1e6, bytesMax: 4 * 1024 * 1024 });
  for (let i = 0; i < 50; i++) queue.offer(observation({ extras: { requestBody: body, replyBody: body } }));
  expect(queue.size()).toBe(15);
  const batch = queue.take(1_000, 1024 * 1024);
  expect(batch).toHaveLength(4);
  expect(JSON.stringify(batch).length).toBeLessThan(8 * 1024 * 1024);
});

test('a batch given back keeps its numbers and its place; over the bound its oldest are dropped', () => {
  const queue = createRowQueue({ rowsMax: 4, bytesMax: 1e6 });
  for (let i = 0; i < 3; i++) queue.offer(observation({}));
  queue.take(3, 1e6);
  for (let i = 0; i < 2; i++) queue.offer(observation({}));
  queue.giveBack();
  expect(queue.counts()).toMatchObject({ queued: 4, inTransit: 0, dropped: { queueFull: 1 } });
  expect(queue.take(9, 1e6).map((row) => row.rowSeq)).toEqual([1, 2, 3, 4]);
});

test('rows that the monitor said nothing of are dropped, and counted as that', () => {
  const queue = createRowQueue({ rowsMax: 4, bytesMax: 1e6 });
  for (let i = 0; i < 4; i++) queue.offer(observation({}));
  queue.take(4, 1e6);
  queue.settle(2, 1);
  expect(queue.counts()).toMatchObject({ acknowledged: 2, refused: 1, dropped: { unanswered: 1 } });
});

test('every row is accounted for at every moment, whatever happens, and the bounds hold', () => {
  const step = fc.oneof(
    fc.record({ do: fc.constant('offer' as const), count: fc.nat(30) }),
    fc.record({ do: fc.constant('take' as const), count: fc.nat(20) }),
    fc.record({
      do: fc.constantFrom('settle' as const, 'giveBack' as const, 'discard' as const, 'drop' as const),
      count: fc.nat(20),
    }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 100 }), (steps) => {
      const queue = createRowQueue({ rowsMax: 40, bytesMax: 40 * 300 });
      let inTransit = 0;
      for (const { do: what, count } of steps) {
        if (what === 'offer') for (let i = 0; i < count; i++) queue.offer(observation({}));
        else if (what === 'drop') queue.drop('tooManyInFlight');
        else if (what === 'take' && inTransit === 0) inTransit = queue.take(count, 1e6).length;
        else if (what === 'settle') queue.settle(count, 3);
        else if (what === 'giveBack') queue.giveBack();
        else if (what === 'discard') queue.discard('notTaken');
        if (what !== 'offer' && what !== 'drop' && what !== 'take') inTransit = 0;
        expect(sumOf(queue)).toBe(queue.counts().observed);
        expect(queue.size()).toBeLessThanOrEqual(40);
      }
      const seqs = queue.take(100, 1e6).map((row) => row.rowSeq);
      if (inTransit === 0) expect(seqs).toEqual([...seqs].sort((a, b) => a - b));
    }),
  );
});

test('a long outage costs no more memory than the bound', () => {
  const queue = createRowQueue({ rowsMax: 100, bytesMax: 1e6 });
  const start = performance.now();
  for (let i = 0; i < 200_000; i++) queue.offer(observation({}));
  expect(queue.counts()).toMatchObject({ queued: 100, dropped: { queueFull: 199_900 } });
  expect(performance.now() - start).toBeLessThan(2_000);
});

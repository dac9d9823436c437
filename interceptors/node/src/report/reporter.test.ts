import { expect, test } from 'vitest';
import { observation } from '../testing/observation.ts';
import type { Delivery } from './delivery.ts';
import { createReporter } from './reporter.ts';
import { createRowQueue } from './row-queue.ts';

const accepted = (acknowledged: number, nextMillis = 1_000): Delivery => ({
  kind: 'accepted',
  acknowledged,
  refused: 0,
  nextMillis,
  hashWish: null,
});

/** A reporter in a time of its own: `pass` lets it go by, timer by timer. */
function start(answer: (rows: number, tries: number) => Delivery | Promise<Delivery>, rowsMax = 20_000) {
  let time = 0;
  const timers = new Set<{ at: number; work: () => void }>();
  const sent: { at: number; seqs: number[]; isClosing: boolean }[] = [];
  const sweeps: number[] = [];
  const warnings: string[] = [];
  const queue = createRowQueue({ rowsMax, bytesMax: 1e9 });
  const reporter = createReporter({
    queue,
    deliver: async (rows, isClosing) => {
      sent.push({ at: time, seqs: rows.map((row) => row.rowSeq), isClosing });
      return answer(rows.length, sent.length);
    },
    sweep: (millis) => sweeps.push(millis),
    now: () => time,
    random: () => 1,
    after: (millis, work) => {
      const timer = { at: time + millis, work };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    warn: (message) => warnings.push(message),
  });
  const settle = async (): Promise<void> => {
    for (let i = 0; i < 20; i++) await Promise.resolve();
  };
  const pass = async (millis: number): Promise<void> => {
    const end = time + millis;
    await settle();
    for (;;) {
      const next = [...timers].sort((a, b) => a.at - b.at)[0];
      if (next === undefined || next.at > end) break;
      timers.delete(next);
      time = Math.max(time, next.at);
      next.work();
      await settle();
    }
    time = end;
  };
  const offer = (count: number): void => {
    for (let i = 0; i < count; i++) queue.offer(observation({}));
    reporter.wake();
  };
  return { queue, reporter, sent, sweeps, warnings, pass, offer, timers };
}

test('reports at once, and every second without rows', async () => {
  const { sent, pass } = start((rows) => accepted(rows));
  await pass(3_500);
  expect(sent.map(({ at }) => at)).toEqual([0, 1_000, 2_000, 3_000]);
});

test('while watched it looks every interval and reports what there is, and silence once a second', async () => {
  const { sent, sweeps, pass, offer } = start((rows) => accepted(rows, 100));
  await pass(450);
  offer(1);
  await pass(1_100);
  expect(sent.map(({ at, seqs }) => [at, seqs.length])).toEqual([
    [0, 0],
    [500, 1],
    [1_500, 0],
  ]);
  expect(sweeps.slice(1).every((millis) => millis === 100)).toBe(true);
});

test('keeps to a longer interval when the monitor asks for it', async () => {
  const { sent, pass } = start((rows) => accepted(rows, 5_000));
  await pass(11_000);
  expect(sent.map(({ at }) => at)).toEqual([0, 5_000, 10_000]);
});

test('reports at once when 1,000 rows wait, 1,000 at most in a report', async () => {
  const { sent, pass, offer } = start((rows) => accepted(rows));
  await pass(10);
  offer(2_500);
  await pass(10);
  expect(sent.map(({ seqs }) => seqs.length)).toEqual([0, 1_000, 1_000]);
  await pass(1_000);
  expect(sent[3]?.seqs).toHaveLength(500);
});

test('news such as a new listener does not wait, and one report is on its way at a time', async () => {
  let release: (delivery: Delivery) => void = () => {};
  const { reporter, sent, pass, offer } = start((rows, tries) =>
    tries === 2
      ? new Promise((resolve) => {
          release = resolve;
        })
      : accepted(rows),
  );
  await pass(10);
  reporter.reportSoon();
  await pass(10);
  expect(sent).toHaveLength(2);
  reporter.reportSoon();
  offer(3_000);
  await pass(500);
  expect(sent).toHaveLength(2);
  release(accepted(0));
  await pass(0);
  expect(sent.length).toBeGreaterThan(2);
});

test('backs off from 0.5 s to 30 s while the monitor is away, keeps the rows and their numbers, and recovers', async () => {
  let isAway = true;
  const { sent, queue, pass, offer } = start((rows) =>
    isAway ? { kind: 'later', waitMillis: 0, isAnswered: false, reason: 'ECONNREFUSED' } : accepted(rows),
  );
  offer(2);
  await pass(130_000);
  const gaps = sent.slice(1).map(({ at }, i) => at - (sent[i]?.at ?? 0));
  expect(gaps.slice(0, 8)).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
  expect(sent[0]?.seqs).toEqual([0, 1]);
  expect(sent.slice(1).every(({ seqs }) => seqs.length === 0)).toBe(true);
  isAway = false;
  await pass(30_000);
  expect(queue.counts()).toMatchObject({ acknowledged: 2, queued: 0, dropped: {} });
});

test('honours Retry-After, and a new listener does not break the wait', async () => {
  const { reporter, sent, pass, offer } = start((rows, tries) =>
    tries === 1 ? { kind: 'later', waitMillis: 7_000, isAnswered: true, reason: 'HTTP 503' } : accepted(rows),
  );
  await pass(100);
  reporter.reportSoon();
  offer(5_000);
  await pass(6_800);
  expect(sent).toHaveLength(1);
  await pass(200);
  expect(sent.length).toBeGreaterThan(1);
});

test('a wrong key keeps the rows, tries every half minute at most and says so', async () => {
  const { queue, sent, warnings, pass, offer } = start(() => ({ kind: 'notWelcome', reason: 'HTTP 401' }), 10);
  offer(20);
  await pass(65_000);
  expect(sent.map(({ at }) => at)).toEqual([0, 30_000, 60_000]);
  expect(queue.counts()).toMatchObject({ queued: 10, dropped: { queueFull: 10 } });
  expect(warnings[0]).toContain('HTTP 401');
});

test('halves a report that is refused whole until the bad row is found, and loses that one only', async () => {
  const bad = 300;
  const lost: number[] = [];
  const harness = start((rows) => accepted(rows));
  const { queue, sent, pass } = start((rows) => {
    const seqs: readonly number[] = sent.at(-1)?.seqs ?? [];
    if (!seqs.includes(bad)) return accepted(rows);
    if (seqs.length === 1) lost.push(...seqs);
    return { kind: 'notTaken', reason: 'HTTP 400' };
  });
  harness.reporter.stop();
  for (let i = 0; i < 1_000; i++) queue.offer(observation({}));
  await pass(60_000);
  expect(lost).toEqual([bad]);
  expect(queue.counts()).toMatchObject({ acknowledged: 999, queued: 0, dropped: { notTaken: 1 } });
});

test('a monitor that refuses every report does not get one row after the other in a storm', async () => {
  const { sent, queue, pass, offer } = start(() => ({ kind: 'notTaken', reason: 'HTTP 400' }));
  offer(1_000);
  await pass(120_000);
  expect(sent.length).toBeLessThan(30);
  expect(queue.counts().queued).toBeGreaterThan(980);
});

test('finish sends everything, says goodbye in the last report and resolves', async () => {
  const { reporter, sent, pass, offer } = start((rows) => accepted(rows));
  await pass(10);
  offer(1_500);
  await reporter.finish(1_000);
  expect(sent.at(-1)?.isClosing).toBe(true);
  expect(sent.flatMap(({ seqs }) => seqs)).toHaveLength(1_500);
});

test('finish gives up when the monitor is away, and after its time limit when it hangs', async () => {
  const away = start(() => ({ kind: 'later', waitMillis: 0, isAnswered: false, reason: 'gone' }));
  await away.reporter.finish(60_000);
  const hanging = start(() => new Promise<Delivery>(() => {}));
  const begun = performance.now();
  await hanging.reporter.finish(30);
  expect(performance.now() - begun).toBeLessThan(2_000);
});

test('stopped, it does nothing more', async () => {
  const { reporter, sent, pass, timers } = start((rows) => accepted(rows));
  await pass(10);
  reporter.stop();
  await pass(5_000);
  expect(sent).toHaveLength(1);
  expect(timers.size).toBe(0);
});

test('a batch that the store refuses while it takes other reports is halved in the end, and only the bad row is lost', async () => {
  const bad = 300;
  const { queue, sent, pass } = start((rows) =>
    (sent.at(-1)?.seqs ?? []).includes(bad)
      ? { kind: 'later', waitMillis: 1_000, isAnswered: true, reason: 'HTTP 503' }
      : accepted(rows),
  );
  for (let i = 0; i < 1_000; i++) queue.offer(observation({}));
  await pass(15_000);
  expect(queue.counts()).toMatchObject({ acknowledged: 0, dropped: {} });
  await pass(120_000);
  expect(queue.counts()).toMatchObject({ acknowledged: 999, queued: 0, dropped: { notTaken: 1 } });
  // Just before it was given up a report without rows was taken: the store was there.
  const last = sent.findLastIndex(({ seqs }) => seqs.includes(bad));
  expect([sent[last - 1]?.seqs, sent[last]?.seqs]).toEqual([[], [bad]]);
});

test('a store that is busy for all loses nothing, however long', async () => {
  let isBusy = true;
  const { queue, pass, offer } = start((rows) =>
    isBusy ? { kind: 'later', waitMillis: 1_000, isAnswered: true, reason: 'HTTP 503' } : accepted(rows),
  );
  offer(500);
  await pass(3_600_000);
  isBusy = false;
  await pass(60_000);
  expect(queue.counts()).toMatchObject({ acknowledged: 500, dropped: {} });
});

test('before the process ends, what the monitor does not take is brought to where it is safe', async () => {
  for (const answer of [
    (): Delivery => ({ kind: 'later', waitMillis: 0, isAnswered: false, reason: 'gone' }),
    () => new Promise<Delivery>(() => {}),
  ]) {
    const queue = createRowQueue({ rowsMax: 10, bytesMax: 1e6 });
    queue.offer(observation({}));
    let kept = 0;
    const reporter = createReporter({
      queue,
      deliver: async () => answer(),
      sweep: () => {},
      now: () => performance.now(),
      random: () => 1,
      after: () => () => {},
      warn: () => {},
      keep: async () => {
        kept++;
      },
    });
    await reporter.finish(60);
    expect(kept).toBeGreaterThan(0);
    reporter.stop();
  }
});

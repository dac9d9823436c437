import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Act, Stage } from './act.ts';
import { withBadLuck } from './bad-luck.ts';
import { inScene } from './scene.ts';

const HOUR = 3_600_000_000;
const DAY = 24 * HOUR;

/** Runs before the monitor: its wall clock is off by the milliseconds that a file says, from the moment it says so. */
const SHIFTED_CLOCK = `data:text/javascript,${encodeURIComponent(`
import { readFileSync } from 'node:fs';
const now = Date.now.bind(Date);
let offset = 0;
const read = () => { try { offset = Number(readFileSync(process.env.TORTURE_CLOCK, 'utf8')) || 0; } catch {} };
read();
setInterval(read, 10).unref();
Date.now = () => now() + offset;
`)}`;

/** The monitor's wall clock is set an hour forward or back under load. */
export const clockStepAct: Act = (stage) =>
  inScene(stage, { marginMicros: 3 * HOUR }, async (scene) => {
    const file = join(stage.folder, 'clock');
    const step = stage.random.pick([3_600_000, -3_600_000]);
    writeFileSync(file, '0');
    const { monitor, url } = await scene.begin({
      nodeArgs: ['--import', SHIFTED_CLOCK],
      environment: { TORTURE_CLOCK: file, TZ: 'Europe/Berlin' },
    });
    await scene.acknowledged(stage.random.between(50, 300));
    writeFileSync(file, String(step));
    await wait(500);
    await scene.acknowledged(stage.random.between(300, 500));
    return scene.played(
      (await scene.end(monitor, url)).map((finding) => `after a step of ${step / 60_000} minutes: ${finding}`),
    );
  });

const STEPS_MAX = 3;

/** The clock of the monitor's whole process steps by an hour below it, forward, back and both, with reports between. */
export const systemClockStepAct: Act = (stage) =>
  withBadLuck(stage.folder, (luck) =>
    inScene(stage, { marginMicros: 5 * HOUR }, async (scene) => {
      const { random } = stage;
      const { monitor, url } = await scene.begin({ environment: luck.environment });
      let hours = 0;
      const steps: number[] = [];
      for (let step = 1; step <= STEPS_MAX; step++) {
        await scene.acknowledged(random.between(100, 150) * step);
        steps.push(random.pick([1, -1]));
        hours += steps.at(-1) ?? 0;
        luck.now({ clockOffsetSeconds: hours * 3_600 });
        await wait(random.between(0, 500));
      }
      await scene.acknowledged(random.between(500, 600));
      return scene.played(
        (await scene.end(monitor, url)).map((finding) => `after steps of ${steps} hours: ${finding}`),
      );
    }),
  );

/** A reporter that lives in 1970, in 2099, or an hour off; its clock's offset is known at once, so all is placed rightly. */
export const strangeClockAct: Act = (stage) => {
  const { random } = stage;
  const now = Date.now() * 1_000;
  const offset = random.pick([1_000_000 - now, Date.UTC(2099, 0) * 1_000 - now, HOUR, -HOUR]);
  return spoolOf(stage, () => Date.now() * 1_000 + offset, 0);
};

/** Observations a day late, as a spool sends them, beside those of now; out of order and repeated as always. */
export const dayLateAct: Act = (stage) => spoolOf(stage, () => Date.now() * 1_000, DAY);

function spoolOf(stage: Stage, clock: () => number, lateMicros: number) {
  return inScene(stage, { clock, lateMicros, marginMicros: 2 * DAY }, async (scene) => {
    const { monitor, url } = await scene.begin({ environment: { TZ: stage.random.pick(['UTC', 'Europe/Berlin']) } });
    await scene.acknowledged(stage.random.between(100, 400));
    return scene.played(await scene.end(monitor, url));
  });
}

/** The hour that comes twice: all clocks are a few seconds before it, in a time zone that has it, and go through it under load. */
export const daylightSavingAct: Act = (stage) => {
  const millis = Date.UTC(2026, 9, 25, 1) - 5_000 - Date.now();
  const clock = (): number => (Date.now() + millis) * 1_000;
  return inScene(stage, { clock, marginMicros: Math.abs(millis) * 1_000 + DAY }, async (scene) => {
    const file = join(stage.folder, 'clock');
    writeFileSync(file, String(millis));
    const { monitor, url } = await scene.begin({
      nodeArgs: ['--import', SHIFTED_CLOCK],
      environment: { TORTURE_CLOCK: file, TZ: 'Europe/Berlin' },
    });
    await scene.acknowledged(stage.random.between(50, 300));
    await wait(6_000);
    await scene.acknowledged(stage.random.between(300, 500));
    return scene.played(await scene.end(monitor, url));
  });
};

import { setTimeout as wait } from 'node:timers/promises';
import type { Act } from './act.ts';
import { inScene } from './scene.ts';

/** The callers' halves are stored, the monitor goes (by either way) and comes again, the bank's halves come then. */
export const restartBetweenHalvesAct: Act = (stage) =>
  inScene(stage, { exchangesMax: 400 }, async (scene) => {
    const [bank, ...shops] = scene.estate.reporters;
    if (bank === undefined) throw new Error('an estate without a bank');
    bank.hold(true);
    const { monitor } = await scene.begin();
    const callers = (): number => shops.reduce((sum, { acknowledged }) => sum + acknowledged.size, 0);
    const wanted = stage.random.between(50, 200);
    while (callers() < wanted) await wait(10);
    scene.load.calm();
    while (shops.some(({ backlog }) => backlog > 0)) await wait(10);
    if (stage.random.chance(0.5)) await scene.kill(monitor);
    else {
      scene.load.sendTo(null);
      await monitor.stop();
    }
    const again = await scene.begin();
    await wait(stage.random.between(0, 3_000));
    bank.hold(false);
    return scene.played(await scene.end(again.monitor, again.url));
  });

/** One end goes away before it has told its halves: what the other end saw is shown alone, and nothing waits for ever. */
export const missingHalvesAct: Act = (stage) =>
  inScene(stage, { exchangesMax: 300, splitShare: 0 }, async (scene) => {
    const { monitor, url } = await scene.begin();
    await scene.acknowledged(stage.random.between(50, 200));
    scene.load.calm();
    const [bank] = scene.estate.reporters;
    bank?.hold(true);
    while (bank?.isSending) await wait(5);
    scene.estate.loseBankHalves();
    bank?.hold(false);
    return scene.played(await scene.end(monitor, url));
  });

/** Two processes claim one machine, name and port, and report at once. */
export const twoOfOneNameAct: Act = (stage) =>
  inScene(stage, {}, (first) =>
    inScene({ ...stage, name: `${stage.name}-twin` }, { firstNumber: 30_000 }, async (second) => {
      const { monitor, url } = await first.begin();
      second.load.sendTo(url);
      await first.acknowledged(stage.random.between(100, 300));
      await second.acknowledged(stage.random.between(100, 300));
      first.load.calm();
      second.load.calm();
      await second.acknowledged(second.estate.rows);
      first.estate.include(second.estate);
      return first.played(await first.end(monitor, url));
    }),
  );

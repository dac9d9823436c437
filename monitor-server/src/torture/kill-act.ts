import { setTimeout as wait } from 'node:timers/promises';
import type { Act } from './act.ts';
import { inspect } from './inspect.ts';
import { startMonitor } from './monitor-process.ts';
import { inScene } from './scene.ts';

const ROUNDS = 12;
/** Halves that come more than a minute apart are not joined any more: on a machine with no time left, fewer rounds. */
const ROUNDS_MILLIS = 30_000;
const EXCHANGES_MAX = 3_000;

/**
 * kill -9 at random moments under load, also while it starts. After each: what was acknowledged is stored, nothing twice, what
 * is derived is what the facts say. At the end a monitor that lives is sent the rest, and must tell exactly what happened.
 */
export const killAct: Act = (stage) =>
  inScene(stage, { shops: 3, exchangesMax: EXCHANGES_MAX }, async (scene) => {
    const { random, folder, key } = stage;
    const until = Math.min(stage.until, performance.now() + ROUNDS_MILLIS);
    for (let round = 1; round <= ROUNDS && (round === 1 || performance.now() < until); round++) {
      if (random.chance(0.2)) {
        const monitor = startMonitor({ data: folder, key });
        await Promise.race([wait(random.between(20, 500)), monitor.ready]);
        await scene.kill(monitor);
      } else {
        const { monitor } = await scene.begin();
        await wait(random.between(5, 400));
        await scene.kill(monitor);
      }
      const findings = inspect(folder, scene.estate).map((finding) => `after kill ${round}: ${finding}`);
      const refused = [...scene.load.answers.keys()].filter((status) => status !== 0 && status !== 202);
      if (refused.length > 0) findings.push(`reports were answered with ${refused}`);
      if (findings.length > 0) return scene.played(findings);
    }
    const { monitor, url } = await scene.begin();
    return scene.played(await scene.end(monitor, url));
  });

import { setTimeout as wait } from 'node:timers/promises';
import type { Act } from './act.ts';
import { audit } from './audit.ts';
import { createFakeEstate } from './fake-estate.ts';
import { acknowledgedRows, inspect } from './inspect.ts';
import { startLoad } from './load.ts';
import { startMonitor } from './monitor-process.ts';

const ROUNDS = 12;
const EXCHANGES_MAX = 3_000;
const CAUGHT_UP_MILLIS = 20_000;

/**
 * kill -9 at random moments under load, also while it starts. After each: what was acknowledged is stored, nothing twice, what
 * is derived is what the facts say. At the end a monitor that lives is sent the rest, and must tell exactly what happened.
 */
export const killAct: Act = async ({ random, folder, name, key, until }) => {
  const clock = (): number => Date.now() * 1_000;
  const begun = clock();
  const estate = createFakeEstate({ random, key, shops: 3, start: name, clock });
  const load = startLoad({ estate, random, exchangesMax: EXCHANGES_MAX });
  let kills = 0;
  let findings: readonly string[] = [];
  try {
    for (let round = 0; round < ROUNDS && findings.length === 0 && performance.now() < until; round++) {
      const monitor = startMonitor({ data: folder, key });
      if (random.chance(0.2)) await Promise.race([wait(random.between(20, 500)), monitor.ready]);
      else {
        load.sendTo(await monitor.ready);
        await wait(random.between(5, 400));
      }
      await monitor.kill();
      load.sendTo(null);
      kills++;
      findings = inspect(folder, estate).map((finding) => `after kill ${kills}: ${finding}`);
      const refused = [...load.answers.keys()].filter((status) => status !== 0 && status !== 202);
      if (refused.length > 0) findings = [...findings, `reports were answered with ${refused}`];
    }
    if (findings.length === 0) {
      const monitor = startMonitor({ data: folder, key });
      const url = await monitor.ready;
      if (url === null) return { kills, rows: 0, findings: [`the monitor did not start again: ${monitor.said()}`] };
      load.calm();
      load.sendTo(url);
      const deadline = performance.now() + CAUGHT_UP_MILLIS;
      while (acknowledgedRows(estate) < estate.rows && performance.now() < deadline) await wait(20);
      findings = await audit(url, estate, { from: begun - 1_000_000, to: clock() + 1_000_000 });
      load.sendTo(null);
      await monitor.kill();
      kills++;
      findings = [...findings, ...inspect(folder, estate)];
    }
  } finally {
    await load.stop();
  }
  return { kills, rows: acknowledgedRows(estate), findings };
};

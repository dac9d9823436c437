import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Accounting } from '@soa-monitor/protocol';
import type { Random } from '../store/testing/random.ts';
import type { Act } from './act.ts';
import { ask } from './audit.ts';
import type { FakeEstate } from './fake-estate.ts';
import { acknowledgedRows, checkCopy, databaseOf, storedRows } from './inspect.ts';
import { startMonitor } from './monitor-process.ts';
import { inScene } from './scene.ts';

const CUTS = 8;

/**
 * A disk that lied: the log ends at any byte, or a byte of it is another. What is left is a consistent prefix, what is derived
 * is what its facts say, and the rows that a reporter saw acknowledged and are gone show as a difference of the accounting.
 */
export const logCutAct: Act = (stage) =>
  inScene(stage, {}, async (scene) => {
    const { random, folder } = stage;
    const { monitor } = await scene.begin();
    await scene.acknowledged(random.between(50, 900));
    await wait(random.between(0, 50));
    await scene.kill(monitor);
    const log = `${databaseOf(folder)}-wal`;
    if (!existsSync(log)) return scene.played([`there is no ${log}`]);
    const copy = join(folder, 'copy');
    for (let cut = 1; cut <= CUTS; cut++) {
      rmSync(copy, { recursive: true, force: true });
      mkdirSync(copy);
      copyFileSync(databaseOf(folder), databaseOf(copy));
      copyFileSync(log, `${databaseOf(copy)}-wal`);
      const what = damage(`${databaseOf(copy)}-wal`, random);
      const findings = checkCopy(copy).map((finding) => `${what}: ${finding}`);
      if (findings.length > 0) return scene.played(findings);
    }
    const missing = acknowledgedRows(scene.estate) - storedRows(copy, scene.estate);
    const again = startMonitor({ data: copy, key: stage.key });
    try {
      const url = await again.ready;
      if (url === null) return scene.played([`the monitor did not start again: ${again.said()}`]);
      return scene.played(await unaccounted(url, scene.estate, missing));
    } finally {
      await again.kill();
    }
  });

/** Each reporter says once more what it believes, without rows; then the accounting must miss exactly what is missing. */
async function unaccounted(url: string, estate: FakeEstate, missing: number): Promise<readonly string[]> {
  for (const reporter of estate.reporters) await reporter.send(url, 0);
  const { difference } = await ask<Accounting>(url, '/api/v1/accounting');
  return difference === missing
    ? []
    : [`${missing} acknowledged rows were cut off; the accounting differs by ${difference}`];
}

function damage(log: string, random: Random): string {
  const bytes = readFileSync(log);
  const at = random.between(0, Math.max(0, bytes.length - 1));
  if (random.chance(0.7)) {
    truncateSync(log, at);
    return `the log was cut at byte ${at} of ${bytes.length}`;
  }
  bytes[at] = (bytes[at] ?? 0) ^ random.between(1, 255);
  writeFileSync(log, bytes);
  return `byte ${at} of ${bytes.length} of the log was changed`;
}

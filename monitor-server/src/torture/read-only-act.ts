import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Act } from './act.ts';
import { startMonitor } from './monitor-process.ts';
import { inScene } from './scene.ts';

/** The file system is mounted read-only when the monitor starts (it cannot be while files on it are open for writing). */
export const readOnlyAct: Act = async (stage) => {
  const disk = join(stage.folder, 'disk');
  mkdirSync(disk);
  if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64m', 'tmpfs', disk]).status !== 0)
    return { kills: 0, rows: 0, findings: [], notes: ['a tmpfs cannot be mounted here: not played'] };
  try {
    return await inScene(stage, { data: disk }, async (scene) => {
      const first = await scene.begin();
      await scene.acknowledged(stage.random.between(1, 300));
      await scene.kill(first.monitor);
      spawnSync('mount', ['-o', 'remount,ro', disk]);
      const refused = startMonitor({ data: disk, key: stage.key });
      const isReady = (await refused.ready) !== null;
      await refused.kill();
      spawnSync('mount', ['-o', 'remount,rw', disk]);
      const line = refused.said();
      const findings = [];
      if (isReady) findings.push('it began to serve what it cannot write');
      else if (!/^soa-monitor: .+(cannot be written|read-only).*\n$/.test(line))
        findings.push(`it did not say why in one line: ${line}`);
      const { monitor, url } = await scene.begin();
      return scene.played([...findings, ...(await scene.end(monitor, url))]);
    });
  } finally {
    spawnSync('umount', [disk]);
  }
};

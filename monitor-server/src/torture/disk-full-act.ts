import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Act } from './act.ts';
import { inScene } from './scene.ts';
import { trouble } from './trouble.ts';

const MEBIBYTE = 1_048_576;

/** A small tmpfs fills up under load, and has room again later. */
export const diskFullAct: Act = async (stage) => {
  const disk = join(stage.folder, 'disk');
  mkdirSync(disk);
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=12m', 'tmpfs', disk]);
  if (mounted.status !== 0)
    return { kills: 0, rows: 0, findings: [], notes: ['a tmpfs cannot be mounted here: not played'] };
  try {
    return await inScene(stage, { data: disk, exchangesMax: 12_000 }, async (scene) => {
      const { monitor, url } = await scene.begin();
      const ballast = join(disk, 'ballast');
      writeFileSync(ballast, Buffer.alloc(stage.random.between(6, 9) * MEBIBYTE));
      const findings = await trouble(scene, monitor, url, /the disk is full/, async () => rmSync(ballast));
      if (findings.length > 0) return scene.played(findings);
      return scene.played(await scene.end(monitor, url));
    });
  } finally {
    spawnSync('umount', [disk]);
  }
};

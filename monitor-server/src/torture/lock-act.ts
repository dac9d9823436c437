import { setTimeout as wait } from 'node:timers/promises';
import SqliteDatabase from 'better-sqlite3';
import type { Act } from './act.ts';
import { databaseOf } from './inspect.ts';
import { inScene } from './scene.ts';
import { trouble } from './trouble.ts';

/** Another process begins to write to the database and does not end. */
export const lockedAct: Act = (stage) =>
  inScene(stage, { exchangesMax: 20_000 }, async (scene) => {
    const { monitor, url } = await scene.begin();
    await scene.acknowledged(stage.random.between(1, 300));
    const other = new SqliteDatabase(databaseOf(stage.folder));
    other.exec('BEGIN IMMEDIATE');
    const findings = await trouble(scene, monitor, url, /another process holds the database/, async () => {
      other.exec('ROLLBACK');
      other.close();
    });
    if (findings.length > 0) return scene.played(findings);
    return scene.played(await scene.end(monitor, url));
  });

const HELD_MILLIS = 6_000;

/** A reader that will not end: the log cannot be folded back, and nothing else suffers. */
export const endlessReaderAct: Act = (stage) =>
  inScene(stage, { exchangesMax: 20_000 }, async (scene) => {
    const { monitor, url } = await scene.begin();
    await scene.acknowledged(stage.random.between(1, 300));
    const reader = new SqliteDatabase(databaseOf(stage.folder), { readonly: true });
    reader.exec('BEGIN');
    reader.prepare('SELECT count(*) FROM exchange').get();
    await wait(HELD_MILLIS);
    const refused = [...scene.load.answers.keys()].filter((status) => status !== 202);
    const findings = refused.length === 0 ? [] : [`reports were answered with ${refused} beside a reader`];
    if (stage.random.chance(0.5)) {
      // It outlives the monitor.
      await scene.kill(monitor);
      const again = await scene.begin();
      findings.push(...(await scene.end(again.monitor, again.url)));
      reader.close();
    } else {
      reader.close();
      findings.push(...(await scene.end(monitor, url)));
    }
    return scene.played(findings);
  });

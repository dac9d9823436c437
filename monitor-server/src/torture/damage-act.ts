import { closeSync, openSync, writeSync } from 'node:fs';
import SqliteDatabase from 'better-sqlite3';
import { maintainStore } from '../store/open-store.ts';
import type { Random } from '../store/testing/random.ts';
import type { Act } from './act.ts';
import { databaseOf } from './inspect.ts';
import { startMonitor } from './monitor-process.ts';
import { inScene } from './scene.ts';

const QUESTIONS = ['/healthz', '/metrics', '/api/v1/topology?level=server', '/api/v1/exchanges', '/api/v1/nodes', '/'];

/**
 * The root page of a table or an index is overwritten while nobody runs. The check names it; the monitor refuses to start in
 * one line, or serves what it can, refuses what it cannot, and does not end.
 */
export const damagedAct: Act = (stage) =>
  inScene(stage, {}, async (scene) => {
    const { random, folder, key } = stage;
    const first = await scene.begin();
    await scene.acknowledged(random.between(100, 500));
    scene.load.sendTo(null);
    await first.monitor.stop();
    const path = databaseOf(folder);
    const table = overwriteRoot(path, random);
    const findings: string[] = [];
    if (saysOf(() => maintainStore(path).check()).length === 0)
      findings.push(`check found nothing wrong with ${table}`);
    const monitor = startMonitor({ data: folder, key });
    const url = await monitor.ready;
    if (url === null) {
      if (!/^soa-monitor: [^\n]*(damaged|malformed)[^\n]*\n$/.test(monitor.said().replace(/^\{.*\n/gm, '')))
        findings.push(`with ${table} damaged it did not say why it does not start: ${monitor.said()}`);
      return scene.played(findings, ['refused to start']);
    }
    scene.load.sendTo(url);
    const notes = [];
    for (let round = 0; round < 5; round++) {
      for (const question of QUESTIONS) {
        const answer = await fetch(url + question).catch(() => null);
        if (answer === null) findings.push(`with ${table} damaged, ${question} was not answered`);
        else if (answer.status === 500) notes.push('questions about what is damaged were answered with 500');
        await answer?.arrayBuffer();
      }
    }
    const statuses = [...scene.load.answers.keys()].filter((status) => ![0, 202, 429, 503].includes(status));
    if (statuses.length > 0) findings.push(`with ${table} damaged, reports were answered with ${statuses}`);
    const ready = await fetch(`${url}/readyz`);
    const isRefusing = scene.load.answers.has(503);
    if (isRefusing && (ready.status !== 503 || !(await ready.text()).includes('damaged')))
      findings.push(`with ${table} damaged reports are refused, and /readyz does not say why`);
    await monitor.kill();
    return scene.played(findings, notes);
  });

/** Overwrites a root page. Gives whose. */
function overwriteRoot(path: string, random: Random): string {
  const database = new SqliteDatabase(path);
  database.pragma('wal_checkpoint(TRUNCATE)');
  const size = Number(database.pragma('page_size', { simple: true }));
  const roots = database
    .prepare<[], { name: string; rootpage: number }>('SELECT name, rootpage FROM sqlite_schema WHERE rootpage > 1')
    .all();
  database.close();
  const { name, rootpage } = random.pick(roots);
  const page = Buffer.from(Array.from({ length: size }, () => random.between(0, 255)));
  const file = openSync(path, 'r+');
  writeSync(file, page, 0, size, (rootpage - 1) * size);
  closeSync(file);
  return name;
}

function saysOf(check: () => readonly string[]): readonly string[] {
  try {
    return check();
  } catch (error) {
    return [String(error)];
  }
}

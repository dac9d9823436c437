import { setTimeout as wait } from 'node:timers/promises';
import type { Act } from './act.ts';
import { type Luck, withBadLuck } from './bad-luck.ts';
import { inspect } from './inspect.ts';
import { startMonitor } from './monitor-process.ts';
import { inScene } from './scene.ts';
import { trouble } from './trouble.ts';

/**
 * The disk fails: what is written or flushed ends with EIO, torn in the middle or not, each time or one time in three. Reports
 * are refused by name and taken again when the disk is well; or the monitor is killed before it is.
 */
export const writeErrorAct: Act = (stage) =>
  withBadLuck(stage.folder, (luck) =>
    inScene(stage, { exchangesMax: 20_000 }, async (scene) => {
      const { random } = stage;
      const wrong = random.pick<Luck>([{ writes: 1 }, { writes: 1, torn: true }, { flushes: 1 }, SOMETIMES]);
      const told = (finding: string): string => `with ${JSON.stringify(wrong)}: ${finding}`;
      const { monitor, url } = await scene.begin({ environment: luck.environment });
      await scene.acknowledged(random.between(1, 300));
      luck.now(wrong);
      // What fails now and then is not there whenever it is looked for.
      if (wrong !== SOMETIMES && random.chance(0.5)) {
        const findings = await trouble(scene, monitor, url, /the disk fails/, async () => luck.now({}));
        if (findings.length > 0) return scene.played(findings.map(told));
        return scene.played((await scene.end(monitor, url)).map(told));
      }
      const deadline = performance.now() + FAILS_MILLIS;
      while (luck.failed().writes + luck.failed().flushes < FAILURES && performance.now() < deadline) await wait(10);
      if (luck.failed().writes + luck.failed().flushes === 0) return scene.played([told('nothing failed')]);
      const lacking = [...scene.load.answers.keys()].filter((status) => ![0, 202, 429, 503].includes(status));
      const findings = lacking.length === 0 ? [] : [`reports were answered with ${lacking}`];
      await scene.kill(monitor);
      luck.now({});
      findings.push(...inspect(stage.folder, scene.estate).map((finding) => `after the kill: ${finding}`));
      const again = await scene.begin({ environment: luck.environment });
      return scene.played([...findings, ...(await scene.end(again.monitor, again.url))].map(told));
    }),
  );

const SOMETIMES: Luck = { writes: 3, torn: true };
const FAILURES = 20;
const FAILS_MILLIS = 10_000;
const READS_MILLIS = 1_500;
const QUESTIONS = ['/api/v1/topology?level=server', '/api/v1/exchanges', '/api/v1/nodes', '/metrics', '/healthz'];

/** What is read fails. Questions that need it are refused as such, all else goes on; a start on such a disk says why it is none. */
export const readErrorAct: Act = (stage) =>
  withBadLuck(stage.folder, (luck) =>
    inScene(stage, { exchangesMax: 3_000 }, async (scene) => {
      const { random } = stage;
      const { monitor, url } = await scene.begin({ environment: luck.environment });
      await scene.acknowledged(random.between(50, 300));
      const findings: string[] = [];
      luck.now({ reads: random.between(1, 4) });
      const until = performance.now() + READS_MILLIS;
      for (let asked = 0; performance.now() < until; asked++) {
        const question = QUESTIONS[asked % QUESTIONS.length] ?? '';
        const answer = await fetch(url + question).catch(() => null);
        const kind = answer?.headers.get('content-type') ?? '';
        await answer?.arrayBuffer().catch(() => null);
        if (answer === null) findings.push(`${question} was not answered`);
        else if (answer.status !== 200 && !(answer.status >= 500 && kind.startsWith('application/problem+json')))
          findings.push(`${question} was answered with ${answer.status}, ${kind}`);
      }
      const lacking = [...scene.load.answers.keys()].filter((status) => ![0, 202, 429, 503].includes(status));
      if (lacking.length > 0) findings.push(`reports were answered with ${lacking}`);
      if (luck.failed().reads === 0) findings.push('nothing failed');
      if (random.chance(0.5)) {
        luck.now({});
        await answersAgain(url, findings);
        return scene.played([...findings, ...(await scene.end(monitor, url))]);
      }
      await scene.kill(monitor);
      luck.now({ reads: 1 });
      const refused = startMonitor({ data: stage.folder, key: stage.key, environment: luck.environment });
      const isReady = (await refused.ready) !== null;
      await refused.kill();
      if (isReady) findings.push('it began to serve what it cannot read');
      else if (!/^soa-monitor: .*the disk fails.*\n$/.test(refused.said().replace(/^\{.*\n/gm, '')))
        findings.push(`it did not say why in one line: ${refused.said()}`);
      luck.now({});
      const again = await scene.begin({ environment: luck.environment });
      return scene.played([...findings, ...(await scene.end(again.monitor, again.url))]);
    }),
  );

async function answersAgain(url: string, findings: string[]): Promise<void> {
  await wait(100);
  for (const question of QUESTIONS) {
    const { status } = await fetch(url + question);
    if (status !== 200) findings.push(`${question} was answered with ${status} when the disk was well again`);
  }
}

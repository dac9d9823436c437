import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../estate-under-test.ts';
import type { Member } from './estate.ts';
import { launch } from './launch.ts';

/** One that knows nothing of the launcher, and says in a line that it is up. */
const SAYS_SO = "console.log('starting'); console.log('ready'); setInterval(() => {}, 1000);";
const LISTENS = 'process.send({ listening: 1 }); setInterval(() => {}, 1000);';

function launchScripts(
  scripts: Record<string, { kind: Member['kind']; code: string; readyLine?: string }>,
  killMillis = 3_000,
) {
  const folder = temporaryFolder();
  const members = Object.entries(scripts).map(([name, { kind, code, ...ready }]): Member => {
    const script = join(folder, `${name}.cjs`);
    writeFileSync(script, code);
    return { ...ready, name, kind, script, args: [], url: kind === 'service' ? `http://localhost/${name}` : undefined };
  });
  const lines: string[] = [];
  let told: () => void = () => undefined;
  const say = (line: string) => {
    lines.push(line);
    told();
  };
  const saidThat = async (pattern: RegExp): Promise<string> => {
    for (;;) {
      const line = lines.find((each) => pattern.test(each));
      if (line !== undefined) return line;
      await new Promise<void>((resolve) => {
        told = resolve;
      });
    }
  };
  return { ...launch(members, { environment: process.env, say, killMillis }), lines, saidThat };
}

function pidIn(line: string): number {
  return Number(/pid (\d+)/.exec(line)?.[1]);
}

test('a service that is killed stays down, is told of in one line, and the others live on', async () => {
  const estate = launchScripts({ bank: { kind: 'service', code: LISTENS }, other: { kind: 'service', code: LISTENS } });
  const other = pidIn(await estate.saidThat(/^other {7}pid \d+ {2}http:\/\/localhost\/other$/));
  process.kill(pidIn(await estate.saidThat(/^bank {8}pid \d+/)), 'SIGKILL');
  expect(await estate.saidThat(/ended/)).toBe('bank ended (SIGKILL)');
  expect(process.kill(other, 0)).toBe(true);
  estate.stop();
  expect(await estate.ended).toBe(true);
  expect(() => process.kill(other, 0)).toThrow('ESRCH');
});

test('clients start when the services listen', async () => {
  const estate = launchScripts({ shop: { kind: 'client', code: '' }, bank: { kind: 'service', code: LISTENS } });
  await estate.saidThat(/^shop ended \(exit code 0\)$/);
  expect(estate.lines.map((line) => line.split(' ')[0])).toEqual(['bank', 'shop', 'shop']);
  estate.stop();
  expect(await estate.ended).toBe(true);
});

test('a program that knows nothing of the launcher is up when it says so', async () => {
  const estate = launchScripts({ proxy: { kind: 'service', code: SAYS_SO, readyLine: 'ready' } });
  const pid = pidIn(await estate.saidThat(/^proxy {7}pid \d+ {2}http:\/\/localhost\/proxy$/));
  estate.stop();
  expect(await estate.ended).toBe(true);
  expect(() => process.kill(pid, 0)).toThrow('ESRCH');
});

test('it ends well when all have ended well', async () => {
  expect(await launchScripts({ shop: { kind: 'client', code: '' } }).ended).toBe(true);
});

test('it does not end well when one has failed by itself', async () => {
  expect(await launchScripts({ bank: { kind: 'service', code: 'process.exit(1)' } }).ended).toBe(false);
});

test('a process that will not end is killed', async () => {
  const deaf = `process.on('SIGTERM', () => {}); ${LISTENS}`;
  const estate = launchScripts({ bank: { kind: 'service', code: deaf } }, 50);
  const pid = pidIn(await estate.saidThat(/^bank/));
  estate.stop();
  await estate.ended;
  expect(() => process.kill(pid, 0)).toThrow('ESRCH');
});

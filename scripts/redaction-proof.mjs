import { fork } from 'node:child_process';
import { setPriority } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { prepare } from './steps/prepare.mjs';
import { fail, root, run, say } from './steps/run.mjs';

/**
 * `npm run redaction -- --cases 1000000 --from 0`: generated envelopes with planted secrets through the capture of bodies.
 * No secret may be in what would be reported, and what is harmless must be. One line at the end; exit code 1 when not.
 */
const WORKERS = 2;
/** Cases of one block: a worker asks for the next when it has done one. */
const BLOCK = 5_000;

if (process.send !== undefined) await work();
else await prove(option('--cases', 1_000_000), option('--from', 0));

/** In a process of its own, behind all others. */
async function work() {
  setPriority(10);
  const { prove: proveCases } = await import(
    pathToFileURL(join(root, '.cache/redaction/testing/redaction/prove.js')).href
  );
  process.on('message', ({ from, end }) => {
    const tally = proveCases(from, end);
    process.send({ tally, cpuMicros: process.cpuUsage().user + process.cpuUsage().system });
  });
  process.send({ tally: null });
}

async function prove(cases, from) {
  await prepare();
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  const { code, output } = await run('node', [tsc, '-p', 'interceptors/node/tsconfig.redaction.json'], { quiet: true });
  if (code !== 0) fail(output);
  const startedAt = Date.now();
  const sum = {};
  const findings = [];
  let next = from;
  let done = 0;
  let cpuMicros = 0;
  const end = from + cases;
  const isDone = Array.from({ length: WORKERS }, () => {
    const worker = fork(fileURLToPath(import.meta.url), { stdio: 'inherit' });
    let workerMicros = 0;
    worker.on('message', ({ tally, cpuMicros: micros }) => {
      if (tally !== null) {
        workerMicros = micros;
        for (const [name, value] of Object.entries(tally))
          if (name !== 'findings') sum[name] = (sum[name] ?? 0) + value;
        findings.push(...tally.findings);
        const before = done;
        done += tally.cases;
        const step = Math.max(BLOCK, cases / 10);
        if (Math.floor(before / step) < Math.floor(done / step) && done < cases)
          say(`${count(done)} of ${count(cases)} …`);
      }
      if (next >= end || sum.leaks > 0) {
        worker.disconnect();
        return;
      }
      const block = { from: next, end: Math.min(next + BLOCK, end) };
      next = block.end;
      worker.send(block);
    });
    return new Promise((resolve) =>
      // Not 'close': after a disconnect of ours it does not come.
      worker.on('exit', (exitCode) => {
        cpuMicros += workerMicros;
        resolve(exitCode === 0);
      }),
    );
  });
  const ends = await Promise.all(isDone);
  for (const finding of findings.slice(0, 10)) say(finding);
  const isWhole = ends.every(Boolean) && sum.cases === cases;
  say(
    `redaction: ${count(sum.cases)} envelopes, ${count(sum.secrets)} planted secrets, ${count(sum.leaks)} leaks; ` +
      `${count(sum.harmless)} harmless values of ${count(sum.whole)} whole messages shown, ${count(sum.wrongs)} wrong; ` +
      `${count(sum.cut)} cut before the end, ${count(sum.truncated)} shown in part, ${count(sum.withheld)} withheld; ` +
      `${Math.round((Date.now() - startedAt) / 1_000)} s, ${Math.round(cpuMicros / 1e6)} s of CPU in ${WORKERS} processes`,
  );
  if (!isWhole) fail('not all cases were run');
  process.exit(sum.leaks === 0 && sum.wrongs === 0 ? 0 : 1);
}

function count(number = 0) {
  return number.toLocaleString('en-US');
}

function option(name, otherwise) {
  const at = process.argv.indexOf(name);
  if (at < 0) return otherwise;
  const value = Number(process.argv[at + 1]);
  if (!Number.isSafeInteger(value) || value < 0) fail(`${name} takes a whole number`);
  return value;
}

import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { prepare } from './steps/prepare.mjs';
import { fail, root, say } from './steps/run.mjs';

/** `npm start [-- options]`: the monitor with its viewer, and the sample estate. Ctrl-C ends every process it started. */
const options = readOptions();
await prepare();

const data = resolve(root, options.data);
try {
  mkdirSync(data, { recursive: true });
} catch (error) {
  fail(`The data folder ${data} cannot be written (${error.code}). Choose another one with --data.`);
}

/** @type {Map<string, import('node:child_process').ChildProcess>} */
const children = new Map();
let stopping = false;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => void stop(0));

const url = `http://localhost:${options.port}`;
const monitor = start('monitor', [
  join(root, 'monitor-server/bin/soa-monitor.js'),
  'serve',
  ...['--port', options.port],
  ...['--data', data],
  ...(options['ping-interval'] === undefined ? [] : ['--ping-interval', options['ping-interval']]),
]);
await ready(monitor);
say(`monitor     pid ${monitor.pid}  ${url}`);
if (!options['no-sample']) {
  start('sample', [
    join(root, 'sample-airline-bank/dist/sample.js'),
    ...['--monitor', url],
    ...['--key', readFileSync(join(data, 'ingest.key'), 'utf8').trim()],
    ...['--data', join(data, 'sample')],
    ...['rate', 'seed', 'ports'].flatMap((name) => (options[name] === undefined ? [] : [`--${name}`, options[name]])),
  ]);
}
say(`\nOpen ${url} to see the services talk. Ctrl-C ends everything.\n`);

function readOptions() {
  const known = {
    'no-sample': { type: 'boolean', default: false },
    port: { type: 'string', default: '4600' },
    data: { type: 'string', default: 'data' },
    rate: { type: 'string' },
    seed: { type: 'string' },
    ports: { type: 'string' },
    'ping-interval': { type: 'string' },
  };
  try {
    return parseArgs({ options: known }).values;
  } catch (error) {
    return fail(
      `${error.message} Known: ${Object.keys(known)
        .map((name) => `--${name}`)
        .join(' ')}`,
    );
  }
}

function start(name, args) {
  // The logs of the monitor go to a file's worth of lines only when something is wrong: people read the plain lines.
  const child = spawn(process.execPath, args, {
    cwd: root,
    stdio: ['ignore', name === 'monitor' ? 'pipe' : 'inherit', 'inherit'],
  });
  children.set(name, child);
  child.stdout?.on('data', (chunk) => tellProblems(String(chunk)));
  child.on('exit', (code, signal) => {
    children.delete(name);
    if (stopping) return;
    if (name === 'monitor' && !child.wasReady) {
      void stop(1);
      return;
    }
    say(`${name} (pid ${child.pid}) ended: ${signal ?? `exit code ${code}`}. The others go on.`);
    if (children.size === 0) void stop(1);
  });
  return child;
}

/** The monitor logs JSON lines: warnings and errors are shown here in plain words, the rest is for log collectors. */
function tellProblems(chunk) {
  for (const line of chunk.split('\n')) {
    try {
      const entry = JSON.parse(line);
      if (['warn', 'error', 'fatal'].includes(entry.level)) say(`monitor: ${entry.msg}`);
    } catch {
      if (line.trim() !== '' && !line.startsWith('{')) say(line);
    }
  }
}

async function ready(child) {
  for (let tries = 0; tries < 1_500 && child.exitCode === null; tries++) {
    const answer = await fetch(`http://127.0.0.1:${options.port}/readyz`, { signal: AbortSignal.timeout(1_000) }).catch(
      () => null,
    );
    if (answer?.ok && child.exitCode === null) {
      child.wasReady = true;
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  await stop(1);
}

async function stop(code) {
  if (stopping) return new Promise(() => {});
  stopping = true;
  const running = [...children.values()].filter((child) => child.exitCode === null && child.signalCode === null);
  const ended = running.map((child) => new Promise((resolve) => child.once('exit', resolve)));
  for (const child of running) child.kill('SIGTERM');
  const hurry = setTimeout(() => {
    for (const child of running) child.kill('SIGKILL');
  }, 8_000);
  await Promise.all(ended);
  clearTimeout(hurry);
  process.exit(code);
}

import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
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
// A terminal that is gone takes no words: to complain of it there would go on for ever.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
process.on('uncaughtException', (error) => {
  // Once: when the terminal is gone, writing is itself what fails, and would come back here without end.
  if (!stopping) process.stderr.write(`${error.message}\n`);
  void stop(1);
});

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
    ...['--key', ingestKey()],
    ...['--data', join(data, 'sample')],
    ...(options['with-proxy'] ? ['--with-proxy'] : []),
    ...['rate', 'seed', 'ports', 'proxy-ports'].flatMap((name) =>
      options[name] === undefined ? [] : [`--${name}`, options[name]],
    ),
  ]);
}
say(`\nOpen ${url} to see the services talk. Ctrl-C ends everything.\n`);

/** The one given to the monitor by the environment, else the one that it keeps in its data folder. */
function ingestKey() {
  return process.env.SOA_MONITOR_KEY || readFileSync(join(data, 'ingest.key'), 'utf8').trim();
}

function readOptions() {
  const known = {
    'no-sample': { type: 'boolean', default: false },
    port: { type: 'string', default: '4600' },
    data: { type: 'string', default: 'data' },
    rate: { type: 'string' },
    seed: { type: 'string' },
    ports: { type: 'string' },
    'with-proxy': { type: 'boolean', default: false },
    'proxy-ports': { type: 'string' },
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
  const isMonitor = name === 'monitor';
  const child = spawn(process.execPath, args, {
    cwd: root,
    stdio: ['ignore', isMonitor ? 'pipe' : 'inherit', 'inherit'],
  });
  children.set(name, child);
  if (isMonitor) createInterface({ input: child.stdout }).on('line', (line) => hear(child, line));
  child.on('exit', (code, signal) => {
    children.delete(name);
    if (stopping) return;
    if (isMonitor && !child.isReady) {
      // It has said why, in one line.
      void stop(1);
      return;
    }
    say(`${name} (pid ${child.pid}) ended: ${signal ?? `exit code ${code}`}. The others go on.`);
    if (children.size === 0) void stop(1);
  });
  return child;
}

/** The monitor logs JSON lines: that it is ready, and warnings and errors, which are shown here in plain words. */
function hear(child, line) {
  const entry = parsed(line);
  if (entry?.msg === 'ready') {
    child.isReady = true;
    child.emit('ready');
  }
  if (['warn', 'error', 'fatal'].includes(entry?.level)) say(`monitor: ${entry.msg}`);
}

function parsed(line) {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}

/** Its own word, and not an answer from its port: another monitor may be there. Never resolves when it ends before. */
function ready(child) {
  return new Promise((resolve) => child.once('ready', resolve));
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

import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import net, { type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startFakeMonitor } from '../fake-monitor.ts';
import type { Case } from './cases.ts';
import { comparableText } from './comparable.ts';
import { judge } from './compare.ts';
import type { Row } from './cover.ts';
import type { Judged } from './differences.ts';
import { endings, lines, modules, monitors, ownListeners, program, topologies } from './dimensions/hosts.ts';
import type { Run } from './in-children.ts';
import type { Scenario } from './trial.ts';

const dist = (file: string): string => new URL(`../../../dist/${file}`, import.meta.url).href;
/** A process that has not ended by then is killed, and that is its result. */
const PROCESS_MILLIS_MAX = 12_000;
const PROCESSES_AT_ONCE = 2;

/** Whole processes: how they are loaded, how they end, and who listens. */
export const ended: Scenario = {
  group: 'process',
  strength: 2,
  dimensions: {
    ending: Object.keys(endings),
    listeners: Object.keys(ownListeners),
    module: Object.keys(modules),
    line: lines,
    topology: Object.keys(topologies),
    monitor: monitors,
  },
  isPossible: ({ module = '', line, topology, ending = '', listeners = '' }) =>
    (modules[module]?.registers === 'no' || line === 'first of all') &&
    // A signal to the process is none to a worker or to the members of a cluster alone.
    (topology === 'one thread' || (!/SIG|abort/.test(ending) && !/signals|emit/.test(listeners))) &&
    !(ending.startsWith('SIG') && listeners === 'to signals, ten times' && ending === 'SIGHUP'),
  run: () => Promise.reject(new Error('whole processes run in processes of their own')),
};

export async function judgeProcesses(cases: readonly Case[], onJudged: (judged: Judged) => void): Promise<void> {
  const folder = mkdtempSync(join(fileURLToPath(new URL('../../../dist/', import.meta.url)), 'hosts-'));
  const monitor = await startFakeMonitor(50);
  const silent = net.createServer((socket) => void socket.on('error', () => {}).resume());
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  const urls: { readonly [name: string]: string } = {
    alive: monitor.url,
    'refusing connections': 'http://127.0.0.1:9',
    hanging: `http://127.0.0.1:${(silent.address() as AddressInfo).port}`,
  };
  let files = 0;
  const runOne = ({ row }: Case, isObserved: boolean): Promise<Run> =>
    runHost(row, isObserved ? (urls[row.monitor ?? ''] ?? '') : null, join(folder, `host-${files++}`));
  const runAll = async (some: readonly Case[], isObserved: boolean): Promise<Run[]> => {
    const runs: Run[] = [];
    for (const each of some) runs.push(await runOne(each, isObserved));
    return runs;
  };
  try {
    const waiting = [...cases];
    const work = async (): Promise<void> => {
      for (let each = waiting.shift(); each !== undefined; each = waiting.shift()) {
        const [verdict] = await judge([each], runAll);
        if (verdict !== undefined) onJudged({ name: each.name, verdict });
      }
    };
    await Promise.all(Array.from({ length: PROCESSES_AT_ONCE }, work));
  } finally {
    await monitor.close();
    silent.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function runHost(row: Row, monitor: string | null, file: string): Promise<Run> {
  const { extension, registers } = modules[row.module ?? ''] ?? { extension: 'mjs', registers: 'no' };
  const isModule = extension === 'mjs';
  const settings = JSON.stringify({ monitor, key: 'k', name: 'child' });
  const own = monitor !== null && registers === 'no';
  const entry = dist('interceptor.js');
  // require() of an ES module is what a CommonJS service has on Node 20.19 and later, and import() always.
  const first = !own
    ? ''
    : `const { monitorSoap } = require(${JSON.stringify(fileURLToPath(entry))}); monitorSoap(${settings});`;
  const text = program({
    isModule,
    first: own && row.line === 'last of all' ? '' : first,
    last: own && row.line === 'last of all' ? first : own && row.line === 'twice' ? 'monitorSoap();' : '',
    served: own && row.line === 'first, and closed when served' ? 'void monitorSoap().close();' : '',
    listeners: ownListeners[row.listeners ?? ''] ?? '',
    ending: endings[row.ending ?? ''] ?? '',
  });
  const host = `${file}.${extension}`;
  writeFileSync(host, text);
  const script = around(topologies[row.topology ?? ''] ?? 'alone', host, file);
  const register = monitor !== null && registers !== 'no' ? ['--import', dist('register.js')] : [];
  const env = {
    PATH: process.env.PATH ?? '',
    ...(monitor === null ? {} : { SOA_MONITOR_URL: monitor, SOA_MONITOR_KEY: 'k', SOA_MONITOR_NAME: 'child' }),
    ...(registers === 'NODE_OPTIONS' && register.length > 0 ? { NODE_OPTIONS: register.join(' ') } : {}),
  };
  // require() of an ES module warns once on this Node, with or without us; the interceptor is not the host's only one.
  const args = ['--stack-trace-limit=50', '--disable-warning=ExperimentalWarning'];
  return runProcess([...args, ...(registers === 'import' ? register : []), script], env, [host, script, file]);
}

/** The program itself, or one that starts it in a worker or in a cluster. */
function around(topology: 'alone' | 'worker' | 'cluster', host: string, file: string): string {
  if (topology === 'alone') return host;
  const script = `${file}-main.cjs`;
  const text =
    topology === 'worker'
      ? `const { Worker } = require('node:worker_threads');
         const worker = new Worker(${JSON.stringify(host)});
         worker.on('error', (error) => console.log('worker error', error.message));
         worker.on('exit', (code) => console.log('worker exit', code));`
      : `const cluster = require('node:cluster');
         cluster.setupPrimary({ exec: ${JSON.stringify(host)} });
         const next = (left) => left > 0 && cluster.fork().on('exit', (code, signal) => {
           console.log('member', code, signal); next(left - 1); });
         next(2);`;
  writeFileSync(script, text);
  return script;
}

function runProcess(args: readonly string[], env: NodeJS.ProcessEnv, files: readonly string[]): Promise<Run> {
  const begun = performance.now();
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const limit = setTimeout(() => child.kill('SIGKILL'), PROCESS_MILLIS_MAX);
  const said = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => {
    said.stdout += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    said.stderr += chunk.toString();
  });
  return new Promise((resolve) => {
    child.on('close', (code, signal) => {
      clearTimeout(limit);
      const millis = performance.now() - begun;
      resolve({
        transcript: {
          lines: {
            stdout: plain(said.stdout, files).split('\n'),
            stderr: plain(said.stderr, files).split('\n'),
          },
          wires: {},
          end: `the process ended: ${code} ${signal}${millis > PROCESS_MILLIS_MAX ? ', killed' : ''}`,
        },
        failures: 0,
      });
    });
  });
}

/** Without paths, numbers of lines (the interceptor's own line is one more), of processes and of ports. */
const plain = (text: string, files: readonly string[]): string => {
  let output = comparableText(text, []);
  for (const file of files) output = output.replaceAll(file, 'HOST');
  return output
    .replaceAll(/HOST[.\w-]*:\d+(:\d+)?/g, 'HOST')
    .replaceAll(/\(node:\d+\)/g, '(node:PID)')
    .replaceAll(/:\d{4,5}\b/g, ':PORT');
};

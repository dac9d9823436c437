import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';

/** The repository's root. */
export const root = fileURLToPath(new URL('../../../', import.meta.url));

export interface Started {
  readonly pid: number;
  /** What it printed so far, both streams. */
  output(): string;
  /** Resolves when the output has come to match; rejects with the output when the process ended before. */
  until(what: RegExp): Promise<void>;
  /** Its exit code when it has ended by itself (null after a signal). */
  readonly ended: Promise<number | null>;
  /** Ctrl-C, and waits until it is gone. */
  stop(): Promise<void>;
  kill(): Promise<void>;
}

/** Runs a script of the repository with this Node. */
export function startProcess(
  script: string,
  args: readonly string[],
  settings: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv } = {},
): Started {
  const child = spawn(process.execPath, [script, ...args], {
    cwd: settings.cwd ?? root,
    env: { ...process.env, ...settings.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output += String(chunk);
      child.emit('said');
    });
  }
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  child.once('close', () => child.emit('said'));
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (isRunning(child)) child.kill(signal);
    await ended;
  };
  return {
    pid: child.pid ?? 0,
    output: () => output,
    async until(what) {
      while (!what.test(output)) {
        if (!isRunning(child)) throw new Error(`${script} ended before it said ${what}:\n${output}`);
        await once(child, 'said');
      }
    },
    ended,
    stop: () => end('SIGINT'),
    kill: () => end('SIGKILL'),
  };
}

const isRunning = (child: ChildProcess): boolean => child.exitCode === null && child.signalCode === null;

/**
 * Ports that nobody listens on. Below those that the system gives to connections: between now and their use any connection of the
 * test's browser or services could be given one of those.
 */
export async function freePorts(count: number): Promise<number[]> {
  const ports = new Set<number>();
  for (let tries = 0; ports.size < count && tries < PORT_TRIES; tries++) {
    const port = PORT_MIN + Math.floor(Math.random() * (PORT_MAX - PORT_MIN));
    if (await isFree(port)) ports.add(port);
  }
  if (ports.size < count) throw new Error(`no ${count} free ports between ${PORT_MIN} and ${PORT_MAX}`);
  return [...ports];
}

const PORT_MIN = 20_000;
const PORT_MAX = 32_000;
const PORT_TRIES = 1_000;

function isFree(port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** The monitor as it ships, in a process of its own. */
export interface MonitorProcess {
  readonly pid: number;
  /** Null when it ended, or was killed, before it was ready. */
  readonly ready: Promise<string | null>;
  /** All that it said so far. */
  said(): string;
  /** kill -9; resolves when it is gone. */
  kill(): Promise<void>;
  /** Asks it to stop; resolves with its exit code. */
  stop(): Promise<number | null>;
}

export interface MonitorSettings {
  readonly data: string;
  readonly key: string;
  readonly args?: readonly string[];
  readonly nodeArgs?: readonly string[];
  readonly environment?: { readonly [name: string]: string };
}

const COMMAND = fileURLToPath(new URL('../../bin/soa-monitor.js', import.meta.url));
const SAID_MAX = 4_000_000;

export function startMonitor(settings: MonitorSettings): MonitorProcess {
  const { data, key, args = [], nodeArgs = [], environment = {} } = settings;
  const child = spawn(process.execPath, [...nodeArgs, COMMAND, 'serve', '--port', '0', '--data', data, ...args], {
    env: { SOA_MONITOR_KEY: key, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  const hear = (text: string): void => {
    if (said.length < SAID_MAX) said += text;
  };
  child.stderr.on('data', (chunk: Buffer) => hear(chunk.toString()));
  const ended = endOf(child);
  const ready = new Promise<string | null>((resolve) => {
    createInterface(child.stdout).on('line', (line) => {
      hear(`${line}\n`);
      const port = /"port":(\d+),.*"msg":"ready"/.exec(line)?.[1];
      if (port !== undefined) resolve(`http://127.0.0.1:${port}`);
    });
    void ended.then(() => resolve(null));
  });
  return {
    pid: child.pid ?? 0,
    ready,
    said: () => said,
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
    async stop() {
      child.kill('SIGTERM');
      return ended;
    },
  };
}

async function endOf(child: ChildProcess): Promise<number | null> {
  const [code]: (number | null)[] = await once(child, 'close');
  return code ?? null;
}

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** The command as it ships: processes run from dist, so build first. */
const COMMAND = fileURLToPath(new URL('../../bin/soa-monitor.js', import.meta.url));

interface CommandProcess {
  readonly child: ChildProcess;
  readonly ended: Promise<{ readonly code: number | null; readonly out: string; readonly error: string }>;
  /** Of `serve`: its line "ready". Never, for another command. */
  readonly ready: Promise<{ readonly url: string; readonly port: number }>;
}

/** `soa-monitor` in processes of its own, with an environment that holds nothing but what is given. */
export function createCommands() {
  const children: ChildProcess[] = [];
  return {
    run(args: readonly string[], cwd: string, environment: { readonly [name: string]: string } = {}): CommandProcess {
      const child = spawn(process.execPath, [COMMAND, ...args], {
        cwd,
        env: { ...environment },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      children.push(child);
      const said = { out: '', error: '' };
      child.stdout.on('data', (chunk) => {
        said.out += chunk;
      });
      child.stderr.on('data', (chunk) => {
        said.error += chunk;
      });
      const ended = once(child, 'close').then(([code]) => ({ code, ...said }));
      const ready = new Promise<{ url: string; port: number }>((resolve) => {
        createInterface(child.stdout).on('line', (line) => {
          if (line.includes('"msg":"ready"')) resolve(JSON.parse(line));
        });
      });
      return { child, ended, ready };
    },
    killAll() {
      for (const child of children.splice(0)) child.kill('SIGKILL');
    },
  };
}

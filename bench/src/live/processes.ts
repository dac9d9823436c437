import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium } from 'playwright-core';

export const root = fileURLToPath(new URL('../../../', import.meta.url));

export interface Started {
  readonly child: ChildProcess;
  output(): string;
  /** Resolves when the output has come to match; rejects when the process ended before. */
  until(what: RegExp): Promise<void>;
  stop(): Promise<void>;
}

export function startProcess(script: string, args: readonly string[], cwd = root): Started {
  const child = spawn(process.execPath, [script, ...args], { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output += String(chunk);
      child.emit('said');
    });
  }
  child.once('exit', () => child.emit('said'));
  return {
    child,
    output: () => output,
    async until(what) {
      while (!what.test(output)) {
        if (child.exitCode !== null) throw new Error(`${script} ended before it said ${what}:\n${output}`);
        await once(child, 'said');
      }
    },
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exit = once(child, 'exit');
      child.kill('SIGINT');
      await exit;
    },
  };
}

export async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer();
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      return server;
    }),
  );
  const ports = servers.map((server) => {
    const address = server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  });
  for (const server of servers) server.close();
  return ports;
}

export const openBrowser = (): Promise<Browser> =>
  chromium.launch({
    executablePath: process.env.SOA_MONITOR_CHROMIUM ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });

import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));

export interface Estate {
  readonly url: string;
  readonly data: string;
  /** The three services' ports, as `--ports` takes them. */
  readonly ports: string;
  /** What was printed so far. */
  output(): string;
  /** The process id that the estate printed for a name: bank, airline-a, web-shop … */
  pidOf(name: string): number;
  /** Starts one process of the sample again, by the command the README names. */
  revive(name: string): Promise<ChildProcess>;
  close(): Promise<void>;
}

export interface EstateSettings {
  readonly rate: number;
  readonly pingIntervalMillis: number;
}

/** Runs what `npm start` runs, on free ports and in a folder of its own, and waits until it says where to look. */
export async function startEstate(settings: EstateSettings): Promise<Estate> {
  const data = await mkdtemp(join(tmpdir(), 'soa-monitor-estate-'));
  const [port = 0, ...servicePorts] = await freePorts(4);
  const ports = servicePorts.join(',');
  const args = ['--port', `${port}`, '--data', data, '--rate', `${settings.rate}`, '--seed', '7', '--ports', ports];
  const children: ChildProcess[] = [];
  let output = '';
  const start = (script: string, given: readonly string[]): ChildProcess => {
    const child = spawn(process.execPath, [join(root, 'scripts', script), ...given], { cwd: root });
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk) => {
        output += String(chunk);
      });
    }
    children.push(child);
    return child;
  };
  const main = start('start.mjs', [...args, '--ping-interval', `${settings.pingIntervalMillis}`]);
  const url = `http://localhost:${port}`;
  const until = async (what: RegExp): Promise<void> => {
    const deadline = Date.now() + 60_000;
    while (!what.test(output)) {
      if (main.exitCode !== null || Date.now() > deadline) throw new Error(`the estate never said ${what}:\n${output}`);
      await new Promise((resolve) => main.stdout?.once('data', resolve) ?? resolve(null));
    }
  };
  await until(/^bank\s+pid \d+/m);
  await until(/^airline-b\s+pid \d+/m);

  return {
    url,
    data,
    ports,
    output: () => output,
    pidOf(name) {
      const found = [...output.matchAll(new RegExp(`^${name}\\s+pid (\\d+)`, 'gm'))].at(-1)?.[1];
      if (found === undefined) throw new Error(`no pid of ${name} in:\n${output}`);
      return Number(found);
    },
    async revive(name) {
      const key = (await readFile(join(data, 'ingest.key'), 'utf8')).trim();
      const given = ['--only', name, '--monitor', url, '--key', key, '--data', join(data, 'sample'), '--ports', ports];
      return start('sample.mjs', given);
    },
    async close() {
      await Promise.all(children.map(ended));
      await rm(data, { recursive: true, force: true });
    },
  };
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGINT');
  await exit;
}

async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer();
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      return server;
    }),
  );
  const ports = servers.map((server) => {
    const address = server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  });
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

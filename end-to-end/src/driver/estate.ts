import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePorts, root, type Started, startProcess } from './process.ts';

export interface Estate {
  readonly url: string;
  readonly data: string;
  /** What was printed so far. */
  output(): string;
  /** The process id that the estate printed last for a name: monitor, bank, airline-a, web-shop … */
  pidOf(name: string): number;
  /** Starts one process of the sample again, by the command that the README names. */
  revive(name: string): Promise<void>;
  close(): Promise<void>;
}

export interface EstateSettings {
  readonly rate: number;
  readonly pingIntervalMillis?: number;
  /** Airline B without an interceptor, watched by a proxy. */
  readonly withProxy?: boolean;
  /** Where to run it; the repository itself unless given. */
  readonly checkout?: string;
}

/**
 * Runs what `npm start` runs, on free ports and in a data folder of its own, and waits until all services are there. A port that
 * was free may be taken when it is used: then it tries others.
 */
export async function startEstate(settings: EstateSettings): Promise<Estate> {
  for (let tries = 1; ; tries++) {
    const estate = await tryToStart(settings);
    if (estate.kind === 'started') return estate.estate;
    if (tries === TRIES_MAX) throw new Error(`the estate did not start:\n${estate.output}`);
  }
}

const TRIES_MAX = 3;
/** What a part says that ends instead of starting. */
const REFUSED = /ended: exit code|cannot start|is in use/;

type Tried =
  | { readonly kind: 'started'; readonly estate: Estate }
  | { readonly kind: 'refused'; readonly output: string };

async function tryToStart(settings: EstateSettings): Promise<Tried> {
  const checkout = settings.checkout ?? root;
  const data = await mkdtemp(join(tmpdir(), 'soa-monitor-estate-'));
  const [port = 0, behind = 0, outbound = 0, ...servicePorts] = await freePorts(6);
  const ports = servicePorts.join(',');
  const proxied = settings.withProxy === true ? ['--with-proxy', '--proxy-ports', `${behind},${outbound}`] : [];
  const url = `http://localhost:${port}`;
  const processes: Started[] = [];
  const start = (script: string, args: readonly string[]): Started => {
    const started = startProcess(join(checkout, 'scripts', script), args, { cwd: checkout });
    processes.push(started);
    return started;
  };
  const output = (): string => processes.map((started) => started.output()).join('\n');
  const main = start('start.mjs', [
    ...['--port', `${port}`, '--data', data, '--rate', `${settings.rate}`, '--seed', '7', '--ports', ports],
    ...proxied,
    ...(settings.pingIntervalMillis === undefined ? [] : ['--ping-interval', `${settings.pingIntervalMillis}`]),
  ]);
  const close = async (): Promise<void> => {
    await Promise.all(processes.map((started) => started.stop()));
    await rm(data, { recursive: true, force: true });
  };
  for (const name of ['bank', 'airline-a', 'airline-b']) {
    await main.until(new RegExp(`${pidLine(name).source}|${REFUSED.source}`, 'm'));
    if (pidLine(name).test(main.output())) continue;
    await close();
    return { kind: 'refused', output: main.output() };
  }

  const estate: Estate = {
    url,
    data,
    output,
    pidOf(name) {
      const found = [...output().matchAll(pidLine(name, 'gm'))].at(-1)?.[1];
      if (found === undefined) throw new Error(`no pid of ${name} in:\n${output()}`);
      return Number(found);
    },
    async revive(name) {
      const key = await ingestKey(data);
      const again = start('sample.mjs', [
        ...['--only', name, '--monitor', url, '--key', key],
        ...['--data', join(data, 'sample'), '--ports', ports, ...proxied],
      ]);
      await again.until(pidLine(name));
    },
    close,
  };
  return { kind: 'started', estate };
}

/** The ingest key that a monitor made for its data folder. */
export const ingestKey = async (data: string): Promise<string> =>
  (await readFile(join(data, 'ingest.key'), 'utf8')).trim();

const pidLine = (name: string, flags = 'm'): RegExp => new RegExp(`^${name}\\s+pid (\\d+)`, flags);

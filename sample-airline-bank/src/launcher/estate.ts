import { fileURLToPath } from 'node:url';
import { profiles } from '../clients/profiles.ts';
import { airlineContract, bankContract } from '../soap/contract.ts';
import type { LaunchSettings } from './arguments.ts';

/** One process of the estate. A service has a URL to show; clients start when the services listen. */
export type Member = {
  readonly name: string;
  readonly kind: 'service' | 'client';
  readonly url: string | undefined;
  readonly script: string;
  readonly args: readonly string[];
  /** A program that knows nothing of the launcher is up when it prints this line; any other sends a message. */
  readonly readyLine?: string;
  readonly nodeArgs?: readonly string[];
};

/** The processes that these settings ask for. */
export function membersOf(settings: LaunchSettings): readonly Member[] {
  const { only } = settings;
  const services = servicesOf(settings).filter(({ name }) => only === undefined || only === name);
  return only === undefined || only === 'clients' ? [...services, ...clientsOf(settings)] : services;
}

function servicesOf(settings: LaunchSettings): Member[] {
  const { ports, proxied } = settings;
  const { bank } = endpointsOf(ports);
  const whole = [
    service(settings, 'bank', 'bank/bank.js', ports.bank, bankContract.path),
    service(settings, 'airline-a', 'airline/airline-a.js', ports['airline-a'], airlineContract.path, bank),
  ];
  if (proxied === null)
    return [
      ...whole,
      service(settings, 'airline-b', 'airline/airline-b.js', ports['airline-b'], airlineContract.path, bank),
    ];
  const callsAt = `http://127.0.0.1:${proxied.bank}${bankContract.path}`;
  return [
    ...whole,
    service(settings, 'airline-b', 'airline/airline-b-untouched.js', proxied.service, airlineContract.path, callsAt),
    proxyOf(ports, proxied),
  ];
}

function service(
  { dataFolder, tallyFolder }: LaunchSettings,
  name: string,
  script: string,
  port: number,
  path: string,
  bank?: string,
): Member {
  return {
    name,
    kind: 'service',
    url: `http://localhost:${port}${path}`,
    script: scriptFile(script),
    args: [
      ...['--port', String(port), '--data', dataFolder],
      ...(bank === undefined ? [] : ['--bank', bank]),
      ...tallyArguments(tallyFolder),
    ],
  };
}

/** The command that a user would run; it takes airline B's name, machine and port, and leads on to airline B and the bank. */
function proxyOf(ports: LaunchSettings['ports'], proxied: NonNullable<LaunchSettings['proxied']>): Member {
  return {
    name: 'proxy',
    kind: 'service',
    url: `http://localhost:${ports['airline-b']}${airlineContract.path}`,
    script: fileURLToPath(new URL('../../../interceptors/proxy/bin/soa-monitor-proxy.js', import.meta.url)),
    args: [
      ...['--listen', `127.0.0.1:${ports['airline-b']}`, '--target', `http://127.0.0.1:${proxied.service}`],
      ...['--outbound', `127.0.0.1:${proxied.bank}=http://127.0.0.1:${ports.bank}`],
      ...['--name', 'airline-b', '--machine', 'borealis-air'],
      ...['--probe-interval', '1', '--drain', '1'],
    ],
    readyLine: 'soa-monitor-proxy: ready',
    nodeArgs: ['--import', new URL('../process/end-with-launcher.js', import.meta.url).href],
  };
}

function clientsOf({ rate, calls, seed, ports, tallyFolder }: LaunchSettings): Member[] {
  const clients = Object.values(profiles);
  const callsOf = shareOut(
    calls,
    clients.map(({ share }) => share),
  );
  return clients.map(({ name, share }, index) => ({
    name,
    kind: 'client',
    url: undefined,
    script: scriptFile(`clients/${name}.js`),
    args: [
      ...['--rate', String(rate * share), '--seed', seed],
      ...(callsOf === undefined ? [] : ['--calls', String(callsOf[index])]),
      ...Object.entries(endpointsOf(ports)).flatMap(([service, endpoint]) => [`--${service}`, endpoint]),
      ...tallyArguments(tallyFolder),
    ],
  }));
}

/** The address itself and not `localhost`: one name, one connection attempt, whatever the resolver prefers. */
function endpointsOf(ports: LaunchSettings['ports']) {
  return {
    bank: `http://127.0.0.1:${ports.bank}${bankContract.path}`,
    'airline-a': `http://127.0.0.1:${ports['airline-a']}${airlineContract.path}`,
    'airline-b': `http://127.0.0.1:${ports['airline-b']}${airlineContract.path}`,
  };
}

/** Whole numbers in these proportions that add up to the total exactly: the first takes what rounding leaves. */
function shareOut(total: number | undefined, shares: readonly number[]): number[] | undefined {
  if (total === undefined) return undefined;
  const [, ...others] = shares.map((share) => Math.floor(total * share));
  return [total - others.reduce((sum, part) => sum + part, 0), ...others];
}

function tallyArguments(folder: string | undefined): string[] {
  return folder === undefined ? [] : ['--tally', folder];
}

/** Processes run from what was built, beside the launcher. */
function scriptFile(path: string): string {
  return fileURLToPath(new URL(`../${path}`, import.meta.url));
}

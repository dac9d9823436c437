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
};

/** The processes that these settings ask for. */
export function membersOf(settings: LaunchSettings): readonly Member[] {
  const { only } = settings;
  const services = servicesOf(settings).filter(({ name }) => only === undefined || only === name);
  return only === undefined || only === 'clients' ? [...services, ...clientsOf(settings)] : services;
}

function servicesOf({ ports, dataFolder, tallyFolder }: LaunchSettings): Member[] {
  const scripts = { bank: 'bank/bank.js', 'airline-a': 'airline/airline-a.js', 'airline-b': 'airline/airline-b.js' };
  return (['bank', 'airline-a', 'airline-b'] as const).map((name) => ({
    name,
    kind: 'service',
    url: `http://localhost:${ports[name]}${name === 'bank' ? bankContract.path : airlineContract.path}`,
    script: scriptFile(scripts[name]),
    args: [
      ...['--port', String(ports[name]), '--data', dataFolder],
      ...(name === 'bank' ? [] : ['--bank', endpointsOf(ports).bank]),
      ...tallyArguments(tallyFolder),
    ],
  }));
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

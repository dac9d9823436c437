import { parseArgs } from 'node:util';

const parts = ['bank', 'airline-a', 'airline-b', 'proxy', 'clients'] as const;
type Part = (typeof parts)[number];

export type LaunchSettings = {
  /** Calls per second of all clients together. */
  readonly rate: number;
  readonly seed: string;
  /** All parts, or the one to start again. */
  readonly only: Part | undefined;
  readonly dataFolder: string;
  readonly tallyFolder: string | undefined;
  /** The clients end after so many calls in all. */
  readonly calls: number | undefined;
  readonly ports: { readonly bank: number; readonly 'airline-a': number; readonly 'airline-b': number };
  /** Airline B has no interceptor: a proxy before it watches it. Null: it has one, as the others. */
  readonly proxied: ProxiedPorts | null;
  /** Where the interceptors report to, and with what key; left out, their own environment says. */
  readonly monitor: string | undefined;
  readonly key: string | undefined;
};

/** Behind the proxy, which has airline B's own port: where airline B listens, and where it calls the bank. */
type ProxiedPorts = { readonly service: number; readonly bank: number };

const RATE_MAX = 10_000;

/** Reads the command line; a text is what is wrong with it. */
export function readArguments(args: readonly string[]): LaunchSettings | string {
  const values = parse(args);
  if (typeof values === 'string') return values;
  const rate = Number(values.rate);
  if (!(rate > 0 && rate <= RATE_MAX))
    return `--rate is a number of calls per second up to ${RATE_MAX}, not ${values.rate}`;
  const only = parts.find((part) => part === values.only);
  if (values.only !== undefined && only === undefined)
    return `--only is one of ${parts.join(', ')}, not ${values.only}`;
  const calls = values.calls === undefined ? undefined : Number(values.calls);
  if (calls !== undefined && !(Number.isSafeInteger(calls) && calls > 0))
    return `--calls is a number of calls, not ${values.calls}`;
  const [bank = 0, airlineA = 0, airlineB = 0, ...more] = values.ports.split(',').map(Number);
  if (more.length > 0 || ![bank, airlineA, airlineB].every(isPort))
    return `--ports are three ports, not ${values.ports}`;
  const [service = 0, outbound = 0, ...others] = values['proxy-ports'].split(',').map(Number);
  if (others.length > 0 || !isPort(service) || !isPort(outbound))
    return `--proxy-ports are two ports, not ${values['proxy-ports']}`;
  if (only === 'proxy' && !values['with-proxy']) return '--only proxy goes with --with-proxy';
  return {
    rate,
    seed: values.seed,
    only,
    dataFolder: values.data,
    tallyFolder: values.tally,
    calls,
    ports: { bank, 'airline-a': airlineA, 'airline-b': airlineB },
    proxied: values['with-proxy'] ? { service, bank: outbound } : null,
    monitor: values.monitor,
    key: values.key,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        rate: { type: 'string', default: '5' },
        seed: { type: 'string', default: '1' },
        only: { type: 'string' },
        data: { type: 'string', default: 'data/sample' },
        tally: { type: 'string' },
        calls: { type: 'string' },
        ports: { type: 'string', default: '4611,4612,4613' },
        'with-proxy': { type: 'boolean', default: false },
        'proxy-ports': { type: 'string', default: '4623,4633' },
        monitor: { type: 'string' },
        key: { type: 'string' },
      },
    }).values;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function isPort(port: number): boolean {
  return Number.isInteger(port) && port > 0 && port <= 65_535;
}

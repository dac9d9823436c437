import { parseArgs } from 'node:util';
import { splitAuthority } from './health/eligible-address.ts';
import { readOtlpHeaders, readOtlpUrl } from './otlp/otlp-settings.ts';

/** What `soa-monitor serve` was told, from the command line, the config file and the environment, in this order of weight. */
export interface Options {
  readonly port: number;
  readonly host: string;
  readonly hostNames: readonly string[];
  readonly data: string;
  readonly pingIntervalMillis: number;
  readonly pingAllow: ReadonlySet<string>;
  readonly ingestKey: string | null;
  readonly viewerToken: string | null;
  readonly viewersMax: number;
  /** How long messages are kept, days. */
  readonly keepDays: number;
  /** Captured bodies: they go with their messages at the latest. */
  readonly keepBodiesDays: number;
  /** What is counted of messages: at least as long as they are kept. */
  readonly keepRollupsDays: number;
  /** 0: no limit. */
  readonly maxSizeGib: number;
  /** Where spans go; null: nowhere. */
  readonly otlp: {
    readonly url: string;
    readonly headers: { readonly [name: string]: string };
    readonly settleMillis: number;
  } | null;
}

export type CommandLine =
  | { readonly kind: 'serve'; readonly options: Options }
  | { readonly kind: 'help' }
  | { readonly kind: 'version' }
  | { readonly kind: 'invalid'; readonly reason: string };

const LISTS = ['host-name', 'ping-allow'] as const;
const KEPT = ['keep-days', 'keep-bodies-days', 'keep-rollups-days', 'max-size-gib'] as const;
const OTLP = ['otlp-url', 'otlp-settle'] as const;
const NAMES = ['port', 'host', 'data', 'ping-interval', 'viewers-max', ...KEPT, ...OTLP, ...LISTS] as const;
type Name = (typeof NAMES)[number];
/** Each option as texts: the same for both sources, so that one decoder reads them. */
type Given = ReadonlyMap<Name, readonly string[]>;

/** `readConfig` gives the text of a file, and throws when it cannot be read. */
export function readCommandLine(
  argv: readonly string[],
  environment: { readonly [name: string]: string | undefined },
  readConfig: (path: string) => string,
): CommandLine {
  try {
    const { values, positionals } = parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        port: { type: 'string' },
        host: { type: 'string' },
        'host-name': { type: 'string', multiple: true },
        data: { type: 'string' },
        config: { type: 'string' },
        'ping-interval': { type: 'string' },
        'ping-allow': { type: 'string', multiple: true },
        'viewers-max': { type: 'string' },
        'keep-days': { type: 'string' },
        'keep-bodies-days': { type: 'string' },
        'keep-rollups-days': { type: 'string' },
        'max-size-gib': { type: 'string' },
        'otlp-url': { type: 'string' },
        'otlp-settle': { type: 'string' },
        help: { type: 'boolean', short: 'h' },
        version: { type: 'boolean', short: 'v' },
      },
    });
    if (values.help) return { kind: 'help' };
    if (values.version) return { kind: 'version' };
    if (positionals.length === 0) return { kind: 'invalid', reason: 'say what to do: soa-monitor serve (or --help)' };
    if (positionals.length > 1 || positionals[0] !== 'serve') {
      return {
        kind: 'invalid',
        reason: `there is no command ${positionals.join(' ')}; there is: serve, export, migrate, backup, check, rebuild`,
      };
    }
    const given = new Map<Name, readonly string[]>();
    if (values.config !== undefined)
      for (const [name, texts] of configured(values.config, readConfig)) given.set(name, texts);
    for (const name of NAMES) {
      const value = values[name];
      if (value !== undefined) given.set(name, typeof value === 'string' ? [value] : value);
    }
    return { kind: 'serve', options: optionsOf(given, environment) };
  } catch (error) {
    return {
      kind: 'invalid',
      reason: error instanceof Error ? (error.message.split('\n', 1)[0] ?? '') : String(error),
    };
  }
}

function configured(path: string, readConfig: (path: string) => string): Given {
  const refuse = (why: string): never => {
    throw new Error(`the config file ${path} ${why}`);
  };
  let value: unknown;
  try {
    value = JSON.parse(readConfig(path));
  } catch (error) {
    return refuse(error instanceof SyntaxError ? `is not JSON: ${error.message}` : `cannot be read: ${codeOf(error)}`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return refuse('is no JSON object');
  return new Map(
    Object.entries(value).map(([key, setting]: [string, unknown]) => {
      const name = NAMES.find((known) => known === key) ?? refuse(`has an unknown name: ${key}`);
      const texts = (Array.isArray(setting) ? setting : [setting]).map((item: unknown) =>
        typeof item === 'string' || typeof item === 'number'
          ? String(item)
          : refuse(`has no text or number for ${key}`),
      );
      return [name, texts] as const;
    }),
  );
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : String(error);

function optionsOf(given: Given, environment: { readonly [name: string]: string | undefined }): Options {
  const one = (name: Name): string | undefined => given.get(name)?.at(-1);
  const many = (name: Name): string[] =>
    (given.get(name) ?? []).flatMap((text) => text.split(',')).map((t) => t.trim());
  const number = (name: Name, fallback: number, min: number, max: number): number => {
    const text = one(name);
    if (text === undefined) return fallback;
    if (/^\d{1,9}$/.test(text) && Number(text) >= min && Number(text) <= max) return Number(text);
    throw new Error(`--${name} takes a number from ${min} to ${max}, not ${text}`);
  };
  const secret = (name: string, min: number): string | null => {
    const text = environment[name];
    if (text === undefined || text === '') return null;
    if (!/^[\x21-\x7e]+$/.test(text) || text.length < min || text.length > 512) {
      throw new Error(`${name} takes ${min} to 512 printable characters without blanks`);
    }
    return text;
  };
  const pingAllow = many('ping-allow').map((text) => {
    if (splitAuthority(text) === null) throw new Error(`--ping-allow takes host:port, not ${text}`);
    return text.toLowerCase();
  });
  const hostNames = many('host-name').map((text) => {
    if (!/^(\[[0-9a-f:.]+\]|[\w.-]+)(:\d{1,5})?$/i.test(text))
      throw new Error(`--host-name takes name[:port], not ${text}`);
    return text;
  });
  function otlpOf(text: string | undefined, settleSeconds: number): Options['otlp'] {
    if (text === undefined || text === '') return null;
    return {
      url: readOtlpUrl(text),
      headers: readOtlpHeaders(environment.SOA_MONITOR_OTLP_HEADERS ?? ''),
      settleMillis: settleSeconds * 1_000,
    };
  }
  return {
    port: number('port', 4600, 0, 65_535),
    host: one('host') ?? '127.0.0.1',
    hostNames,
    data: one('data') ?? 'data',
    pingIntervalMillis: number('ping-interval', 5_000, 100, 3_600_000),
    pingAllow: new Set(pingAllow),
    ingestKey: secret('SOA_MONITOR_KEY', 8),
    viewerToken: secret('SOA_MONITOR_VIEWER_TOKEN', 16),
    viewersMax: number('viewers-max', 50, 1, 10_000),
    keepDays: number('keep-days', 30, 1, 3_650),
    keepBodiesDays: number('keep-bodies-days', 7, 1, 3_650),
    keepRollupsDays: number('keep-rollups-days', 400, 1, 3_650),
    maxSizeGib: number('max-size-gib', 0, 0, 1_000_000),
    otlp: otlpOf(one('otlp-url') ?? environment.SOA_MONITOR_OTLP_URL, number('otlp-settle', 10, 0, 3_600)),
  };
}

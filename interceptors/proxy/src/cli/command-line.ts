import { parseArgs } from 'node:util';
import type { ProxySettings } from '../settings.ts';
import { readConfigFile } from './config-file.ts';
import { type Given, GLOBAL_TEXTS, merged, NOTHING_GIVEN, ROUTE_FLAGS, ROUTE_TEXTS } from './option-names.ts';
import { settingsOf } from './settings-of.ts';

export type CommandLine =
  | { readonly kind: 'run'; readonly settings: ProxySettings }
  | { readonly kind: 'help' }
  | { readonly kind: 'version' }
  | { readonly kind: 'invalid'; readonly reason: string };

interface Option {
  readonly type: 'string' | 'boolean';
  readonly multiple?: boolean;
  readonly short?: string;
}

const text: Option = { type: 'string' };
const OPTIONS: { readonly [name: string]: Option } = {
  ...Object.fromEntries([...ROUTE_TEXTS, ...GLOBAL_TEXTS, 'config'].map((name) => [name, text])),
  ...Object.fromEntries(ROUTE_FLAGS.map((name) => [name, { type: 'boolean' } satisfies Option])),
  outbound: { type: 'string', multiple: true },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean', short: 'v' },
};

/** What the arguments, the config file they name and the environment say together. `readFile` throws for what it cannot read. */
export function readCommandLine(
  argv: readonly string[],
  environment: { readonly [name: string]: string | undefined },
  readFile: (path: string) => Buffer,
): CommandLine {
  try {
    const { values }: { values: Values } = parseArgs({ args: [...argv], options: OPTIONS });
    if (values.help === true) return { kind: 'help' };
    if (values.version === true) return { kind: 'version' };
    const path = values.config;
    const config = typeof path === 'string' ? readConfigFile(readText(path, readFile), path) : NOTHING_GIVEN;
    const own = ofArguments(values);
    const given = merged(config, own);
    const outbound = own.outbound.length > 0 ? own.outbound : config.outbound;
    const settings = settingsOf({ ...given, outbound, routes: config.routes }, environment, readFile);
    return { kind: 'run', settings };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { kind: 'invalid', reason: reason.split('\n', 1)[0] ?? '' };
  }
}

type Values = { readonly [name: string]: string | boolean | (string | boolean)[] | undefined };

function ofArguments(values: Values): Given {
  const texts = new Map<(typeof ROUTE_TEXTS)[number] | (typeof GLOBAL_TEXTS)[number], string>();
  for (const name of [...ROUTE_TEXTS, ...GLOBAL_TEXTS]) {
    const value = values[name];
    if (typeof value === 'string') texts.set(name, value);
  }
  const outbound = Array.isArray(values.outbound) ? values.outbound.map(String) : [];
  return { texts, flags: new Set(ROUTE_FLAGS.filter((name) => values[name] === true)), outbound, routes: [] };
}

function readText(path: string, readFile: (path: string) => Buffer): string {
  try {
    return readFile(path).toString('utf8');
  } catch (error) {
    throw new Error(
      `the config file ${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

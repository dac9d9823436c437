import { parseArgs } from 'node:util';
import { readCommandLine } from '../command-line.ts';

/** What is done to the database in a data folder, other than serving it. */
export type DatabaseCommand =
  | { readonly kind: 'migrate' | 'check' | 'rebuild'; readonly data: string }
  | { readonly kind: 'backup'; readonly data: string; readonly to: string; readonly force: boolean }
  | { readonly kind: 'help'; readonly of: DatabaseCommandName }
  | { readonly kind: 'invalid'; readonly reason: string };

const DATABASE_COMMANDS = ['migrate', 'backup', 'check', 'rebuild'] as const;
export type DatabaseCommandName = (typeof DATABASE_COMMANDS)[number];

const OPTIONS = {
  data: { type: 'string' },
  config: { type: 'string' },
  to: { type: 'string' },
  force: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** Null when the command line names none of these commands. The data folder is told as `serve` would be told it. */
export function readDatabaseCommand(
  argv: readonly string[],
  environment: { readonly [name: string]: string | undefined },
  readConfig: (path: string) => string,
): DatabaseCommand | null {
  const { positionals } = parseArgs({ args: [...argv], allowPositionals: true, strict: false, options: OPTIONS });
  const kind = DATABASE_COMMANDS.find((name) => name === positionals[0]);
  if (kind === undefined) return null;
  try {
    const { values, positionals: words } = parseArgs({ args: [...argv], allowPositionals: true, options: OPTIONS });
    if (values.help) return { kind: 'help', of: kind };
    if (words.length > 1)
      return { kind: 'invalid', reason: `${kind} takes no further word: ${words.slice(1).join(' ')}` };
    if (kind !== 'backup' && (values.to !== undefined || values.force !== undefined))
      return { kind: 'invalid', reason: `--to and --force belong to backup, not to ${kind}` };
    const named = (['data', 'config'] as const).flatMap((name) =>
      values[name] === undefined ? [] : [`--${name}`, values[name]],
    );
    const serve = readCommandLine(['serve', ...named], environment, readConfig);
    if (serve.kind === 'invalid') return serve;
    if (serve.kind !== 'serve') throw new Error(`serve was read as ${serve.kind}`);
    const { data } = serve.options;
    if (kind !== 'backup') return { kind, data };
    if (values.to === undefined || values.to === '')
      return { kind: 'invalid', reason: 'say where the backup goes: soa-monitor backup --to FILE' };
    return { kind, data, to: values.to, force: values.force ?? false };
  } catch (error) {
    const [reason = ''] = (error instanceof Error ? error.message : String(error)).split('\n', 1);
    return { kind: 'invalid', reason };
  }
}

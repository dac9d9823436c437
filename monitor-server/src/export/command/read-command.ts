import { extname } from 'node:path';
import { parseArgs } from 'node:util';
import { readParameters } from '../../query/parameters.ts';
import { EXPORT_FORMATS, type Exported } from '../export-file.ts';
import { readExported } from '../export-routes.ts';

/** What `soa-monitor export` was told. */
export type ExportCommand =
  | { readonly kind: 'help' }
  | { readonly kind: 'invalid'; readonly reason: string }
  | { readonly kind: 'export'; readonly source: Source; readonly exported: Exported; readonly output: string };

export type Source =
  | { readonly kind: 'folder'; readonly path: string }
  /** `search` asks that monitor what `exported` says. */
  | { readonly kind: 'url'; readonly url: URL; readonly search: URLSearchParams; readonly token: string | null };

export const EXPORT_HELP = `Usage: soa-monitor export --output FILE [options]

  --output FILE         where to write; it appears when it is whole. - for standard output
  --data DIR            read the data folder, a monitor running on it or not; ./data unless --url is given
  --url URL             ask a monitor instead: http://localhost:4600
  --what W              exchanges (unless given) or traffic
  --format F            csv, ndjson or parquet; by the file's ending, else csv
  --from T, --to T      epoch µs or ISO 8601; the last 15 minutes unless given
  --node ID --link ID --operation NAME
  --outcome O --min-duration D --fault CODE --text T    of exchanges
  --step D              of traffic: width of a step
  --bodies              captured bodies too

Environment: SOA_MONITOR_VIEWER_TOKEN  the token that --url needs, if that monitor has one
Exit codes:  0 written, 1 could not, 2 an option is bad, 130 stopped by Ctrl-C: no file is left
`;

/** Options that the API has by the same name, but for its capitals. */
const PASSED = [
  'what',
  'format',
  'from',
  'to',
  'node',
  'link',
  'operation',
  'outcome',
  'fault',
  'text',
  'step',
] as const;

export function readExportCommand(
  argv: readonly string[],
  environment: { readonly [name: string]: string | undefined },
  now: number,
): ExportCommand {
  try {
    const text = { type: 'string' } as const;
    const { values } = parseArgs({
      args: [...argv],
      options: {
        ...{
          output: text,
          data: text,
          url: text,
          what: text,
          format: text,
          from: text,
          to: text,
          node: text,
          link: text,
        },
        ...{ operation: text, outcome: text, 'min-duration': text, fault: text, text, step: text },
        bodies: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
    if (values.help) return { kind: 'help' };
    const { output } = values;
    if (output === undefined || output === '') return invalid('say where to write: --output FILE (or --help)');
    const search = new URLSearchParams();
    for (const name of PASSED) if (values[name] !== undefined) search.set(name, values[name]);
    if (values['min-duration'] !== undefined) search.set('minDuration', values['min-duration']);
    if (values.bodies) search.set('bodies', 'true');
    const ending = EXPORT_FORMATS.find((format) => extname(output) === `.${format}`);
    if (!search.has('format') && ending !== undefined) search.set('format', ending);
    const parameters = readParameters({}, search, now);
    const exported = readExported(parameters);
    const reasons = parameters.reasons();
    if (reasons.length > 0) return invalid(reasons.join('; '));
    // The window as it was read here: the other end may have another idea of now.
    search.set('from', String(exported.query.window.from));
    search.set('to', String(exported.query.window.to));
    if (values.url === undefined) return { kind: 'export', source: folderOf(values.data), exported, output };
    if (values.data !== undefined) return invalid('--data and --url: give one of them');
    const url = URL.canParse(values.url) ? new URL(values.url) : null;
    if (url === null || !/^https?:$/.test(url.protocol))
      return invalid(`--url takes an http or https URL, not ${values.url}`);
    const token = environment.SOA_MONITOR_VIEWER_TOKEN ?? null;
    return { kind: 'export', source: { kind: 'url', url, search, token }, exported, output };
  } catch (error) {
    return invalid(error instanceof Error ? (error.message.split('\n', 1)[0] ?? '') : String(error));
  }
}

const folderOf = (data: string | undefined): Source => ({ kind: 'folder', path: data ?? 'data' });
const invalid = (reason: string) => ({ kind: 'invalid', reason }) as const;

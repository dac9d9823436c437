import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { type Logger, pino } from 'pino';
import { bindRefusal } from './access/bind-policy.ts';
import { createSystemClock } from './clock.ts';
import { type Options, readCommandLine } from './command-line.ts';
import { type DatabaseCommand, readDatabaseCommand } from './commands/read-command.ts';
import { runDatabaseCommand } from './commands/run-command.ts';
import { type DataFolder, openDataFolder } from './data-folder.ts';
import { runExport } from './export/command/export-command.ts';
import { HELP } from './help.ts';
import { readDiskUsage } from './metrics/disk-usage.ts';
import { createMonitorServer } from './monitor-server.ts';
import { startOtlp } from './otlp/start-otlp.ts';
import { openStore } from './store/open-store.ts';

const DAY_MICROS = 24 * 3_600 * 1_000_000;

/** The command `soa-monitor`. Resolves with the exit code once all is said, or the server has stopped. */
export async function main(argv: readonly string[], environment: NodeJS.ProcessEnv): Promise<number> {
  const readConfig = (path: string): string => readFileSync(path, 'utf8');
  if (argv[0] === 'export') return runExport(argv.slice(1), environment);
  const onDatabase = readDatabaseCommand(argv, environment, readConfig);
  if (onDatabase !== null) return runOnDatabase(onDatabase);
  const command = readCommandLine(argv, environment, readConfig);
  switch (command.kind) {
    case 'help':
      process.stdout.write(HELP);
      return 0;
    case 'version':
      process.stdout.write(`${version()}\n`);
      return 0;
    case 'invalid':
      return complain(command.reason, 2);
    case 'serve': {
      const { host, ingestKey, viewerToken } = command.options;
      const refusal = bindRefusal({ host, ingestKeyGiven: ingestKey !== null, viewerTokenSet: viewerToken !== null });
      return refusal === null ? serve(command.options) : complain(refusal, 2);
    }
  }
}

async function runOnDatabase(command: DatabaseCommand): Promise<number> {
  const stop = new AbortController();
  // The others work without a pause in which they could hear a signal; it ends them, and nothing is left half done.
  if (command.kind === 'backup') for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => stop.abort());
  process.umask(0o077);
  const voice = {
    out: (text: string) => void process.stdout.write(text),
    error: (text: string) => void process.stderr.write(text),
  };
  return runDatabaseCommand(command, voice, stop.signal);
}

async function serve(options: Options): Promise<number> {
  const stopped = stopSignal();
  // What is stored tells who calls whom: it is for this user alone.
  process.umask(0o077);
  const log = pino({
    name: 'soa-monitor',
    formatters: { level: (label) => ({ level: label }) },
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: ['key', 'token', '*.authorization', '*.cookie'],
  });
  let folder: DataFolder | null = null;
  try {
    folder = openDataFolder(options.data);
    await run(options, folder, log, stopped);
    return 0;
  } catch (error) {
    return complain(oneLine(error, options), 1);
  } finally {
    folder?.close();
  }
}

async function run(options: Options, folder: DataFolder, log: Logger, stopped: Promise<string>): Promise<void> {
  const randomText = (): string => randomBytes(24).toString('base64url');
  const ingestKey = options.ingestKey ?? keptKey(folder, randomText, log);
  const store = await openStore({ path: folder.databasePath, retentionMicros: options.keepDays * DAY_MICROS });
  const clock = createSystemClock();
  const parts = { store, clock, random: Math.random, randomText, log };
  const otlp = options.otlp === null ? null : startOtlp(parts, { ...options.otlp, folder: folder.path });
  const server = createMonitorServer(
    {
      ...parts,
      diskUsage: () => readDiskUsage(folder.databasePath),
      ...(otlp === null ? {} : { otlpCounts: otlp.counts }),
    },
    { ...options, ingestKey, ingestKeyGiven: options.ingestKey !== null, viewerFolder: viewerFolder() },
  );
  try {
    const { port } = await server.listen();
    log.info({ url: urlOf(options.host, port), port, data: folder.path, version: version() }, 'ready');
    log.info({ signal: await stopped }, 'stopping');
  } finally {
    await Promise.all([server.close(), otlp?.close()]);
    await store.close();
  }
  log.info({}, 'stopped');
}

function urlOf(host: string, port: number): string {
  if (host === '127.0.0.1') return `http://localhost:${port}/`;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}/`;
}

function keptKey(folder: DataFolder, randomText: () => string, log: Logger): string {
  const { key, file, isReadableByOthers } = folder.ingestKey(randomText);
  log.info({ file }, 'the ingest key is kept in this file');
  if (isReadableByOthers) log.warn({ file }, 'other users of this machine may read the ingest key: chmod 600');
  return key;
}

/** A second signal ends the process as if nobody listened. */
function stopSignal(): Promise<string> {
  return new Promise((resolve) => {
    process.once('SIGTERM', () => resolve('SIGTERM'));
    process.once('SIGINT', () => resolve('SIGINT'));
  });
}

function viewerFolder(): string {
  return join(dirname(createRequire(import.meta.url).resolve('@soa-monitor/viewer/package.json')), 'dist');
}

function version(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  return typeof manifest === 'object' && manifest !== null && 'version' in manifest ? String(manifest.version) : '';
}

function complain(reason: string, code: number): number {
  process.stderr.write(`soa-monitor: ${reason}\n`);
  return code;
}

function oneLine(error: unknown, { host, port }: Options): string {
  const code = error instanceof Error && 'code' in error ? error.code : '';
  if (code === 'EADDRINUSE') return `port ${port} on ${host} is in use: stop what uses it, or choose another --port`;
  if (code === 'EACCES') return `port ${port} on ${host} may not be used by this user: choose another --port`;
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
    return `${host} is no address of this machine: choose another --host`;
  return (error instanceof Error ? error.message : String(error)).replaceAll(/\s*[\r\n]+\s*/g, ' ');
}

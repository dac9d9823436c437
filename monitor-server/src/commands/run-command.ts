import { existsSync } from 'node:fs';
import { databasePathIn, openDataFolder } from '../data-folder.ts';
import { maintainStore } from '../store/open-store.ts';
import { DATABASE_HELP } from './help.ts';
import type { DatabaseCommand } from './read-command.ts';

/** Where a command speaks: results on `out`, progress and complaints on `error`. Whole lines. */
export interface Voice {
  out(text: string): void;
  error(text: string): void;
}

/** Does what the command says and resolves with the exit code. `signal` stops what can be stopped. */
export async function runDatabaseCommand(command: DatabaseCommand, voice: Voice, signal: AbortSignal): Promise<number> {
  switch (command.kind) {
    case 'help':
      voice.out(DATABASE_HELP[command.of]);
      return 0;
    case 'invalid':
      return complain(voice, command.reason, 2);
    case 'migrate':
    case 'rebuild':
    case 'backup':
    case 'check':
      try {
        return await WORKS[command.kind]({ ...NO_BACKUP, ...command }, voice, signal);
      } catch (error) {
        return complain(voice, oneLine(error), command.kind === 'check' ? 2 : 1);
      }
  }
}

interface Work {
  readonly data: string;
  readonly to: string;
  readonly force: boolean;
}
const NO_BACKUP = { to: '', force: false };

const WORKS = {
  async migrate({ data }: Work, voice: Voice) {
    const { from, to } = alone(data, (store) => store.migrate());
    const path = databasePathIn(data);
    voice.out(from === to ? `${path} is of version ${to} already\n` : `${path} went from version ${from} to ${to}\n`);
    return 0;
  },
  async check({ data }: Work, voice: Voice) {
    const path = databasePathIn(data);
    const findings = maintainStore(path).check();
    for (const finding of findings) voice.out(`${finding}\n`);
    if (findings.length === 0)
      voice.out(`${path} is well: the file is whole, and what is derived is what the facts say\n`);
    return findings.length === 0 ? 0 : 1;
  },
  async rebuild({ data }: Work, voice: Voice) {
    const { cells, mended } = alone(data, (store) =>
      store.rebuild(({ until, cells: done }) => {
        if (until !== null) voice.error(`${done} cells up to ${new Date(until / 1_000).toISOString()}\n`);
      }),
    );
    voice.out(`${cells} cells were derived anew, ${mended} of them were not what the facts say\n`);
    return 0;
  },
  async backup({ data, to, force }: Work, voice: Voice, signal: AbortSignal) {
    const { bytes } = await maintainStore(databasePathIn(data)).backup(to, {
      force,
      signal,
      onProgress: ({ bytes: written, bytesExpected }) =>
        voice.error(`${mebibytes(written)} of about ${mebibytes(bytesExpected)}\n`),
    });
    voice.out(`${to} is whole and on disk: ${mebibytes(bytes)}\n`);
    return 0;
  },
} as const;

/** Holds the folder's lock meanwhile, as a server does: neither starts beside the other. */
function alone<Answer>(data: string, work: (store: ReturnType<typeof maintainStore>) => Answer): Answer {
  const path = databasePathIn(data);
  // Before the lock: a folder given wrongly must not be made.
  if (!existsSync(path)) throw new Error(`There is no database ${path}: is the data folder the right one?`);
  const folder = openDataFolder(data);
  try {
    return work(maintainStore(folder.databasePath));
  } finally {
    folder.close();
  }
}

const mebibytes = (bytes: number): string => `${(bytes / 1_048_576).toFixed(1)} MiB`;

const oneLine = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).replaceAll(/\s*[\r\n]+\s*/g, ' ');

function complain(voice: Voice, reason: string, code: number): number {
  voice.error(`soa-monitor: ${reason}\n`);
  return code;
}

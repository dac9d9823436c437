import { createProgress } from './progress.ts';
import { EXPORT_HELP, readExportCommand } from './read-command.ts';
import { saveFile } from './save-file.ts';
import { type Coming, openSource } from './source.ts';

/** Exit codes of a shell for what a signal stopped. */
const STOPPED = { SIGINT: 130, SIGTERM: 143 } as const;

/** The command `soa-monitor export`. Resolves with the exit code. */
export async function runExport(
  argv: readonly string[],
  environment: { readonly [name: string]: string | undefined },
): Promise<number> {
  const command = readExportCommand(argv, environment, Date.now() * 1_000);
  switch (command.kind) {
    case 'help':
      process.stdout.write(EXPORT_HELP);
      return 0;
    case 'invalid':
      return complain(command.reason, 2);
    case 'export':
  }
  const stopped = new AbortController();
  let stoppedBy: keyof typeof STOPPED | null = null;
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.once(name, () => {
      stoppedBy = name;
      stopped.abort();
    });
  }
  let coming: Coming | null = null;
  try {
    const opened = await openSource(command.source, command.exported, stopped.signal);
    coming = opened;
    const { estimatedRows, rows } = opened;
    const progress = createProgress({ what: command.exported.what, estimatedRows, rows }, process.stderr, () =>
      performance.now(),
    );
    async function* told(): AsyncGenerator<string | Uint8Array> {
      for await (const piece of opened.pieces) {
        progress.came(typeof piece === 'string' ? Buffer.byteLength(piece) : piece.length);
        yield piece;
      }
    }
    await saveFile(command.output, told(), stopped.signal);
    progress.end();
    return 0;
  } catch (error) {
    if (stoppedBy !== null) return complain('stopped: no file is left', STOPPED[stoppedBy]);
    return complain((error instanceof Error ? error.message : String(error)).replaceAll(/\s*[\r\n]+\s*/g, ' '), 1);
  } finally {
    // Not after a signal: the reader may be in the middle of a page, and the process ends anyway.
    if (stoppedBy === null) await coming?.close();
  }
}

function complain(reason: string, code: number): number {
  process.stderr.write(`soa-monitor: ${reason}\n`);
  return code;
}

import { field } from '../soap/fields.ts';
import type { Listening } from '../soap/listen.ts';

/** Starts a service and tells the launcher where it listens. What a user can put right is said in one line. */
export async function startService(name: string, port: number, start: () => Promise<Listening>): Promise<Listening> {
  const listening = await start().catch((error: unknown) => {
    const line = lineOf(error, port);
    if (line === undefined) throw error;
    console.error(`${name} cannot start: ${line}`);
    process.exit(1);
  });
  process.send?.({ listening: listening.port });
  return listening;
}

function lineOf(error: unknown, port: number): string | undefined {
  const code = field(error, 'code');
  if (code === 'EADDRINUSE') return `port ${port} is in use`;
  if (typeof code !== 'string' || !(error instanceof Error)) return undefined;
  if (code === 'EACCES' || code === 'ENOTDIR' || code === 'EEXIST' || code === 'EROFS' || code === 'ENOSPC')
    return error.message;
  return code.startsWith('SQLITE_') ? `its data cannot be used: ${error.message}` : undefined;
}

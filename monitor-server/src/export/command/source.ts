import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { join } from 'node:path';
import { openStoreForReading } from '../../store/open-store.ts';
import { type Exported, estimatedRows, exportFile } from '../export-file.ts';
import { ESTIMATED_ROWS, ROWS } from '../send-file.ts';
import type { Source } from './read-command.ts';

/** A file as it comes, from wherever. */
export interface Coming {
  /** At most so many rows; null: not known. */
  readonly estimatedRows: number | null;
  /** Throws where it breaks off: what ends is whole. */
  readonly pieces: AsyncIterable<string | Uint8Array>;
  /** Null until it is known. */
  rows(): number | null;
  close(): Promise<void>;
}

export const openSource = (source: Source, exported: Exported, signal: AbortSignal): Promise<Coming> =>
  source.kind === 'folder' ? ofFolder(source.path, exported) : ofMonitor(source, signal);

/** From a connection of its own that can only read: a monitor that runs on the folder goes on. */
async function ofFolder(folder: string, exported: Exported): Promise<Coming> {
  const path = join(folder, 'monitor.sqlite');
  if (!existsSync(path)) throw new Error(`${folder} is no data folder: there is no monitor.sqlite in it`);
  const store = await openStoreForReading(path);
  const file = exportFile(store, exported);
  return { ...file, estimatedRows: await estimatedRows(store, exported), close: () => store.close() };
}

async function ofMonitor(
  { url, search, token }: Extract<Source, { kind: 'url' }>,
  signal: AbortSignal,
): Promise<Coming> {
  const asked = new URL('api/v1/export', url.href.endsWith('/') ? url : `${url.href}/`);
  asked.search = search.toString();
  const send = asked.protocol === 'https:' ? requestHttps : requestHttp;
  // The signal cuts the connection, or a pipeline would wait for a piece that does not come.
  const request = send(asked, { signal, headers: token === null ? {} : { Authorization: `Bearer ${token}` } }).end();
  const [answer]: IncomingMessage[] = await once(request, 'response');
  if (answer === undefined) throw new Error(`${url.origin} did not answer`);
  if (answer.statusCode !== 200) {
    throw new Error(`${url.origin} answered ${answer.statusCode}: ${await problemOf(answer)}`);
  }
  const estimate = answer.headers[ESTIMATED_ROWS.toLowerCase()];
  const rows = (): number | null => {
    const text = answer.trailers[ROWS.toLowerCase()];
    return text === undefined ? null : Number(text);
  };
  async function* whole(from: IncomingMessage): AsyncGenerator<Uint8Array> {
    yield* from;
    // Behind something that passes no trailers on, its end in order is all there is.
    if (!from.complete) throw new Error(`${url.origin} broke off`);
  }
  return {
    estimatedRows: typeof estimate === 'string' ? Number(estimate) : null,
    pieces: whole(answer),
    rows,
    close: async () => void request.destroy(),
  };
}

const PROBLEM_BYTES_MAX = 10_000;

async function problemOf(answer: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of answer) {
    text += String(chunk);
    if (text.length > PROBLEM_BYTES_MAX) break;
  }
  try {
    const problem: unknown = JSON.parse(text);
    if (typeof problem === 'object' && problem !== null && 'detail' in problem) return String(problem.detail);
  } catch {
    // No problem document: something else than a monitor answered.
  }
  return answer.statusMessage ?? '';
}

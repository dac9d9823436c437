import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Metrics } from '../metrics/metrics.ts';
import { problem, sendProblem } from '../problem/problem.ts';
import type { ExportFile } from './export-file.ts';

const KEEP_ALIVE_MILLIS = 30_000;
/** A header with how many rows will come at most; absent when that is not known. */
export const ESTIMATED_ROWS = 'Soa-Monitor-Estimated-Rows';
/** The trailer (RFC 9110, 6.5) behind the last byte, with how many rows came. */
export const ROWS = 'Soa-Monitor-Rows';

export interface SentFile {
  readonly file: ExportFile;
  readonly estimatedRows: number | null;
}

type Ended = 'whole' | 'gone' | 'broken';

/** Streams files, as fast as each is taken, so many at a time: each holds a page of the store's readers' work. */
export function createFileSender(settings: { readonly concurrent: number; readonly metrics: Pick<Metrics, 'count'> }) {
  const { metrics } = settings;
  let running = 0;
  return async (response: ServerResponse, sent: SentFile): Promise<void> => {
    // Its answers end with the connection: one that was cut off would look whole.
    if (response.req.httpVersionMajor === 1 && response.req.httpVersionMinor === 0) {
      sendProblem(
        response,
        problem(505, 'http-version', 'a file needs HTTP/1.1, to tell a whole one from one cut off'),
      );
      return;
    }
    if (running >= settings.concurrent) {
      metrics.count('exports', 'refused');
      sendProblem(response, problem(503, 'busy', 'other files are being made: ask again later'), {
        'Retry-After': '5',
      });
      return;
    }
    running += 1;
    // A reader that vanished without a word is found out by this, not by the system's two hours.
    response.socket?.setKeepAlive(true, KEEP_ALIVE_MILLIS);
    metrics.count('exports_begun');
    let ended: Ended = 'broken';
    try {
      ended = await sendFile(response, sent);
    } finally {
      running -= 1;
      metrics.count('exports', ended);
      metrics.count('export_rows', '', sent.file.rows());
    }
  };
}

/**
 * When it breaks half-way the connection is cut before the end of the chunked answer, so that nobody takes the file for
 * whole: every client of HTTP/1.1 reports that as an error. The count is a trailer of the answer and no line of the file,
 * since a last line of another kind breaks readers of CSV, and would stand as a message among the lines of JSON.
 */
async function sendFile(response: ServerResponse, { file, estimatedRows }: SentFile): Promise<Ended> {
  const { mediaType, fileName, pieces, rows } = file;
  const isForHeadersAlone = response.req.method === 'HEAD';
  response.writeHead(200, {
    'Content-Type': mediaType,
    'Content-Disposition': `attachment; filename="${fileName}"`,
    'Cache-Control': 'no-store',
    ...(isForHeadersAlone ? {} : { Trailer: ROWS }),
    ...(estimatedRows === null ? {} : { [ESTIMATED_ROWS]: String(estimatedRows) }),
  });
  if (isForHeadersAlone) {
    response.end();
    return 'whole';
  }
  async function* withCount(): AsyncGenerator<string | Uint8Array> {
    yield* pieces;
    response.addTrailers({ [ROWS]: String(rows()) });
  }
  try {
    await pipeline(Readable.from(withCount(), { highWaterMark: 1 }), response);
    return 'whole';
  } catch (error) {
    const isGone = error instanceof Error && 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE';
    if (!isGone) throw error;
    return 'gone';
  }
}

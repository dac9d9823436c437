import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { problem, sendProblem } from '../problem/problem.ts';
import type { Answer } from './route.ts';

/** Streams files, as fast as each is taken, so many at a time: each holds a page of the store's readers' work. */
export function createTextSender(settings: { readonly concurrent: number }) {
  let running = 0;
  return async (response: ServerResponse, text: Extract<Answer, { kind: 'text' }>): Promise<void> => {
    if (running >= settings.concurrent) {
      sendProblem(response, problem(503, 'busy', 'other files are being made: ask again later'), {
        'Retry-After': '5',
      });
      return;
    }
    running += 1;
    try {
      await sendText(response, text);
    } finally {
      running -= 1;
    }
  };
}

/** When it breaks half-way the connection is cut, so that nobody takes the file for whole. */
async function sendText(response: ServerResponse, text: Extract<Answer, { kind: 'text' }>): Promise<void> {
  response.writeHead(200, {
    'Content-Type': text.mediaType,
    'Content-Disposition': `attachment; filename="${text.fileName}"`,
    'Cache-Control': 'no-store',
  });
  try {
    await pipeline(Readable.from(text.pieces), response);
  } catch (error) {
    const isGone = error instanceof Error && 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE';
    if (!isGone) throw error;
  }
}

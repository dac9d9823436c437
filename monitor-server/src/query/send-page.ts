import type { IncomingMessage, ServerResponse } from 'node:http';
import { finished } from 'node:stream/promises';
import { promisify } from 'node:util';
import { constants, gzip } from 'node:zlib';
import { problem, sendProblem } from '../problem/problem.ts';
import type { Answer } from './route.ts';

/** Below this a page fits into a packet or two anyway. */
const GZIP_BYTES_MIN = 1_400;
const zip = promisify(gzip);

/**
 * Sends pages of bytes. One stays in memory until whoever asked has taken it, so only so many are made at once, and one
 * that is not taken in time is cut off. The next page is made when it is asked for.
 */
export function createPageSender(settings: { readonly concurrent: number; readonly takenMillis: number }) {
  let running = 0;
  return async (
    request: IncomingMessage,
    response: ServerResponse,
    page: Extract<Answer, { kind: 'page' }>,
  ): Promise<void> => {
    if (running >= settings.concurrent) {
      const busy = problem(503, 'busy', 'too many pages are being sent: ask again');
      sendProblem(response, busy, { 'Retry-After': '1' });
      return;
    }
    running += 1;
    const late = setTimeout(() => response.destroy(), settings.takenMillis);
    try {
      const bytes = await page.make();
      response.setHeader('Content-Type', page.mediaType);
      response.setHeader('Cache-Control', 'no-store');
      response.setHeader('Vary', 'Accept, Accept-Encoding');
      if (bytes.length >= GZIP_BYTES_MIN && takesGzip(request)) {
        response.setHeader('Content-Encoding', 'gzip');
        // Measured: the lowest level takes a third off, for 2 % more work; the usual one hardly takes off more.
        response.end(await zip(bytes, { level: constants.Z_BEST_SPEED }));
      } else response.end(bytes);
      // Who goes away half-way has had enough.
      await finished(response).catch(() => {});
    } finally {
      clearTimeout(late);
      running -= 1;
    }
  };
}

const takesGzip = ({ headers }: IncomingMessage): boolean => isAccepted(headers['accept-encoding'], 'gzip');

/** Whether a list like Accept's names this, and does not refuse it. */
export const isAccepted = (list: string | readonly string[] | undefined, name: string): boolean =>
  String(list ?? '')
    .split(',')
    .some((item) => {
      const [named, ...settings] = item.split(';').map((part) => part.trim().toLowerCase());
      return named === name && !settings.some((setting) => /^q=0(\.0*)?$/.test(setting));
    });

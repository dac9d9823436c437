import net from 'node:net';
import type { ReportedRow } from '@soa-monitor/protocol';
import { monitorSoap } from '../interceptor.ts';
import { startFakeMonitor } from './fake-monitor.ts';

export interface Difference<Result> {
  readonly without: Result;
  readonly withIt: Result;
  readonly rows: readonly ReportedRow[];
  readonly wrongs: readonly string[];
  readonly failures: number;
}

/** The same thing twice: as it is, and observed. */
export async function withAndWithout<Result>(run: () => Promise<Result>): Promise<Difference<Result>> {
  const without = await run();
  const monitor = await startFakeMonitor();
  const interceptor = monitorSoap({ monitor: monitor.url, key: 'secret', name: 'n', machine: 'm' });
  try {
    const withIt = await run();
    await interceptor.close();
    return { without, withIt, rows: monitor.rows(), wrongs: monitor.wrongs, failures: interceptor.counters().failures };
  } finally {
    await interceptor.close();
    await monitor.close();
  }
}

/** Sends bytes, piece by piece, and gives every byte that came back until the other side closed. */
export function exchangeBytes(port: number, pieces: readonly (string | Buffer)[], abortAfter = false): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket = net.connect(port, '127.0.0.1', async () => {
      for (const piece of pieces) {
        await new Promise<void>((written) => socket.write(piece, () => written()));
        await new Promise((next) => setImmediate(next));
      }
      if (abortAfter) socket.resetAndDestroy();
    });
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'ECONNRESET' && error.code !== 'EPIPE') reject(error);
    });
    socket.on('close', () => resolve(comparable(Buffer.concat(chunks).toString('latin1'))));
  });
}

/** Over this the kernel decides in what pieces a body arrives, and an echo's chunks are these pieces. */
const ONE_PIECE_MAX = 65_536;

/** An answer without what differs between any two runs. */
function comparable(answer: string): string {
  const undated = answer
    .replace(/\r\nDate: [^\r]*/g, '')
    // The second in which `soap` wrote its wsu:Timestamp, which may pass between the two runs.
    .replace(/(<u:(?:Created|Expires)>)[^<]*/g, '$1');
  return undated.length > ONE_PIECE_MAX ? undated.replace(/\r\n[0-9a-f]+\r\n/g, '') : undated;
}

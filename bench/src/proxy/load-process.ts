import autocannon from 'autocannon';
import { REQUEST, REQUEST_HEADERS } from './messages.ts';

/** Over keep-alive, as fast as it goes: for so many seconds, or until so many calls are answered. */
export interface Slice {
  readonly port: number;
  readonly connections: number;
  readonly seconds: number;
  readonly calls: number | null;
}

export interface SliceResult {
  readonly calls: number;
  readonly callsPerSecond: number;
  readonly p99Millis: number;
  readonly failed: number;
}

// The load, in a process of its own: a slice for each message from the parent.
process.on('message', (slice: Slice) => {
  void run(slice).then((result) => process.send?.(result));
});
process.on('disconnect', () => process.exit(0));

async function run({ port, connections, seconds, calls }: Slice): Promise<SliceResult> {
  const result = await autocannon({
    url: `http://127.0.0.1:${port}/order`,
    method: 'POST',
    headers: REQUEST_HEADERS,
    body: REQUEST,
    connections,
    ...(calls === null ? { duration: seconds } : { amount: calls }),
  });
  return {
    calls: result.requests.total,
    callsPerSecond: result.requests.total / result.duration,
    p99Millis: result.latency.p99,
    failed: result.errors + result.non2xx,
  };
}

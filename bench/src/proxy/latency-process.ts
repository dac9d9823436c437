import { Agent, request } from 'node:http';
import { REQUEST, REQUEST_HEADERS } from './messages.ts';

/** Calls at a fixed rate, to each port in turn: what disturbs one disturbs all. */
export interface LatencyRun {
  readonly ports: readonly number[];
  readonly callsPerSecond: number;
  readonly seconds: number;
}

/** Milliseconds of each call, by port. */
export type Latencies = { readonly [port: string]: readonly number[] };

process.on('message', (run: LatencyRun) => {
  void measure(run).then((latencies) => process.send?.(latencies));
});
process.on('disconnect', () => process.exit(0));

async function measure({ ports, callsPerSecond, seconds }: LatencyRun): Promise<Latencies> {
  const agent = new Agent({ keepAlive: true, maxSockets: 32 });
  const taken = new Map<number, number[]>(ports.map((port) => [port, []]));
  const calls: Promise<void>[] = [];
  const from = performance.now();
  for (let i = 0; i < callsPerSecond * seconds; i++) {
    const wait = from + (i * 1_000) / callsPerSecond - performance.now();
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    const port = ports[i % ports.length] ?? 0;
    calls.push(call(agent, port).then((millis) => void taken.get(port)?.push(millis)));
  }
  await Promise.all(calls);
  agent.destroy();
  return Object.fromEntries(taken);
}

function call(agent: Agent, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const from = performance.now();
    const headers = { ...REQUEST_HEADERS, 'content-length': Buffer.byteLength(REQUEST) };
    const outgoing = request(
      { port, host: '127.0.0.1', method: 'POST', path: '/order', agent, headers },
      (response) => {
        response.resume().on('end', () => resolve(performance.now() - from));
      },
    );
    outgoing.on('error', reject);
    outgoing.end(REQUEST);
  });
}

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { outcomeCode, type ReportAnswer } from '@soa-monitor/protocol';

/** A process that calls and serves nothing: what it says of itself, and which calls it says it served. */
export interface Told {
  readonly name: string;
  readonly machine: string;
  readonly port: number;
  readonly path: string;
  readonly operation: string;
  /** Addresses without port, one call from each. */
  readonly callers: readonly string[];
  /** When it is told, epoch µs by the monitor's clock, and when each call began; now, unless given. */
  readonly now?: number;
  readonly startOf?: (index: number) => number;
}

const OK = outcomeCode('ok');

/** Sends one report of such a process, as an interceptor would; gives the monitor's answer. */
export async function report(monitor: string, data: string, told: Told): Promise<ReportAnswer> {
  const { name, machine, port, path, operation, callers } = told;
  const now = told.now ?? Date.now() * 1_000;
  const startOf = told.startOf ?? ((index: number) => now - 1_000_000 + index);
  const none = { acknowledged: 0, refused: 0, queued: 0, dropped: {}, noise: 0, pings: 0, failures: 0 };
  const answer = await fetch(`${monitor}/api/v1/reports`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${(await readFile(join(data, 'ingest.key'), 'utf8')).trim()}`,
    },
    body: JSON.stringify({
      version: 1,
      reporter: `reporter-of-tests-${port}`,
      ...{ name, machine, hostId: `host-${port}`, pid: port, stack: 'node 20, a test' },
      listeners: [{ address: '127.0.0.1', port, tls: false }],
      sentAt: now,
      counters: { observed: callers.length, inTransit: callers.length, ...none },
      calls: [{ path, operation: { namespace: 'urn:of:tests', name: operation } }],
      faults: [],
      connections: callers.map((caller, index) => ({
        server: `127.0.0.1:${port}`,
        client: `${caller}:${40_000 + (index % 20_000)}`,
      })),
      rows: callers.map((_, index) => [
        ...[index, index, 0, 0, 0, null, startOf(index), 10, 900, 950, 1_000, 100, 200, OK, 200],
        ...[null, index, 0, null],
      ]),
    }),
  });
  if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
  return (await answer.json()) as ReportAnswer;
}

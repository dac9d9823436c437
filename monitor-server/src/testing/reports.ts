import type { WireReport, WireRow } from '@soa-monitor/protocol';

/** A good report, with what a test wants otherwise. */
export function wireReport(changes: Partial<WireReport> & { readonly [name: string]: unknown } = {}): WireReport {
  const rows = changes.rows ?? [];
  return {
    version: 1,
    reporter: 'reporter-0000000001',
    name: 'bank',
    machine: 'bank-machine',
    hostId: 'host-1',
    pid: 1,
    stack: 'node test',
    listeners: [],
    sentAt: Date.now() * 1_000,
    counters: {
      observed: rows.length,
      acknowledged: 0,
      refused: 0,
      inTransit: rows.length,
      queued: 0,
      dropped: {},
      noise: 0,
      pings: 0,
      failures: 0,
    },
    calls: [{ path: '/bank', operation: { namespace: 'urn:bank', name: 'getBalance' }, soapVersion: '1.1' }],
    faults: [{ code: 'soap:Client', reason: '=cmd()' }],
    connections: [],
    rows,
    ...changes,
  };
}

/** One whole exchange as the server saw it. */
export const serverRow = (rowSeq: number, start: number, outcome = 7): WireRow => [
  rowSeq,
  rowSeq,
  0,
  0,
  0,
  null,
  start,
  100,
  2_000,
  2_100,
  2_200,
  300,
  400,
  outcome,
  outcome === 4 ? 500 : 200,
  outcome === 4 ? 0 : null,
  null,
  null,
  null,
];

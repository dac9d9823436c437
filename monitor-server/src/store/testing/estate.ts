import type { Call, Connection, Listener, Outcome, Report, ReportedRow } from '@soa-monitor/protocol';
import type { Receipt } from '../store.ts';

/** 2026-11-22 12:00:00 UTC, the noon at which every estate of the tests begins. A whole minute. */
export const NOON = Date.UTC(2026, 10, 22, 12) * 1_000;
export const MILLI = 1_000;
export const SECOND = 1_000_000;
export const MINUTE = 60 * SECOND;

export interface ReporterSettings {
  readonly name: string;
  readonly machine?: string;
  readonly hostId?: string;
  /** The port it listens on, at 127.0.0.1 unless `bound` says otherwise. */
  readonly port?: number;
  readonly bound?: string;
  readonly advertised?: string;
  readonly remoteAddress?: string;
  /** What makes two starts of one process differ. */
  readonly start?: number;
}

export type RowGiven = Partial<ReportedRow> & { readonly start: number };

/** One process of an estate: makes its rows and reports, numbered as an interceptor would, and keeps its counters. */
export interface Reporter {
  readonly reporter: string;
  readonly listeners: readonly Listener[];
  /** A row of a call that this process served. */
  served(given: RowGiven): ReportedRow;
  /** A row of a call that this process made. */
  called(given: RowGiven): ReportedRow;
  report(rows: readonly ReportedRow[], header?: Partial<Report['header']>): Report;
  receipt(receivedAt: number): Receipt;
  /** The monitor has acknowledged these rows: its counters say so from the next report on. */
  acknowledged(rows: readonly ReportedRow[]): void;
}

export function createReporter(settings: ReporterSettings): Reporter {
  const { name, machine = name, hostId = 'host-one', port, bound = '127.0.0.1', start = 1 } = settings;
  const reporter = `${name}-${start}-0123456789abcdef`.slice(0, 64);
  const listeners = port === undefined ? [] : [{ address: bound, port, tls: false }];
  let rowSeq = 0;
  let exchangeNo = 0;
  const acknowledged = new Set<number>();
  const fresh = (rows: readonly ReportedRow[]): number => rows.filter((told) => !acknowledged.has(told.rowSeq)).length;
  const row = (given: RowGiven, role: 'client' | 'server'): ReportedRow => {
    const isOpen = given.part === 'open';
    return {
      rowSeq: rowSeq++,
      exchangeNo: given.exchangeNo ?? exchangeNo++,
      part: 'whole',
      call: CALL,
      role,
      parentNo: null,
      extras: null,
      requestLast: 10,
      replyFirst: isOpen ? null : 900,
      replyLast: isOpen ? null : 950,
      end: isOpen ? null : 1_000,
      requestBytes: 100,
      replyBytes: isOpen ? 0 : 200,
      outcome: isOpen ? null : OK,
      status: isOpen ? 0 : 200,
      fault: null,
      connection: null,
      ordinal: null,
      ids: null,
      ...given,
    };
  };
  return {
    reporter,
    listeners,
    served: (given) => row(given, 'server'),
    called: (given) => row(given, 'client'),
    report: (rows, header = {}) => ({
      header: {
        reporter,
        name,
        machine,
        hostId,
        pid: 1,
        stack: 'node 20; test',
        listeners,
        advertised: settings.advertised ?? null,
        sentAt: NOON,
        closing: false,
        counters: {
          observed: rowSeq,
          acknowledged: acknowledged.size,
          refused: 0,
          inTransit: fresh(rows),
          queued: rowSeq - acknowledged.size - fresh(rows),
          dropped: {},
          noise: 0,
          pings: 0,
          failures: 0,
        },
        ...header,
      },
      rows,
    }),
    receipt: (receivedAt) => ({ receivedAt, remoteAddress: settings.remoteAddress ?? '127.0.0.1' }),
    acknowledged: (rows) => {
      for (const { rowSeq: told } of rows) acknowledged.add(told);
    },
  };
}

const OK: Outcome = 'ok';

export const CALL: Call = { path: '/bank', operation: { namespace: 'urn:bank', name: 'balance' } };

/** A connection from a client port on the loopback to a listener there. */
export const loopback = (clientPort: number, serverPort: number): Connection => ({
  server: `127.0.0.1:${serverPort}`,
  client: `127.0.0.1:${clientPort}`,
});

import type { Counters, Listener, ReportHeader } from '@soa-monitor/protocol';
import type { Database } from 'better-sqlite3';
import type { Receipt } from '../store.ts';
import { createIntervalSet, type IntervalSet } from './interval-set.ts';
import { type ClockOffset, nextOffset } from './key-time.ts';
import { createProcessTable } from './process-table.ts';

/** A reporter: one start of one process, as it last described itself, and which of its rows are acknowledged. */
export interface Process {
  readonly number: number;
  readonly reporter: string;
  readonly machine: string;
  readonly name: string;
  readonly hostId: string;
  readonly pid: number;
  readonly stack: string;
  readonly firstReportAt: number;
  listeners: readonly Listener[];
  advertised: string | null;
  remoteAddress: string;
  lastReportAt: number;
  closing: boolean;
  clock: ClockOffset;
  soapVersion: '1.1' | '1.2';
  counters: Counters;
  /** sentAt of the report the counters came with: reports can overtake each other. */
  countersAt: number;
  /** Distinct rows acknowledged, in all. */
  stored: number;
  /** Of them, forgotten by age. */
  expired: number;
  readonly rows: IntervalSet;
}

export interface Processes {
  /** The reporter of this report, with what the report says of it taken over. */
  reported(header: ReportHeader, receipt: Receipt): Process;
  ofNumber(number: number): Process;
  touch(process: Process): void;
  all(): Iterable<Process>;
  /** Rises when a listener or an advertised address changes. */
  readonly version: number;
  flush(): void;
}

/** Processes kept in memory; one beyond it is read again when it reports. */
const PROCESSES_MAX = 20_000;

export function createProcesses(database: Database): Processes {
  const table = createProcessTable(database);
  const byReporter = new Map<string, Process>();
  const byNumber = new Map<number, Process>();
  const dirty = new Set<Process>();
  let version = 1;

  const keep = (process: Process): Process => {
    byReporter.set(process.reporter, process);
    byNumber.set(process.number, process);
    if (byReporter.size > PROCESSES_MAX) {
      for (const oldest of byReporter.values()) {
        if (dirty.has(oldest)) continue;
        byReporter.delete(oldest.reporter);
        byNumber.delete(oldest.number);
        version++;
        break;
      }
    }
    return process;
  };
  for (const process of table.recent(PROCESSES_MAX)) keep(process);

  const describe = (process: Process, header: ReportHeader, receipt: Receipt): void => {
    process.clock = nextOffset(process.clock, receipt.receivedAt - header.sentAt);
    process.lastReportAt = Math.max(process.lastReportAt, receipt.receivedAt);
    if (header.sentAt < process.countersAt) return;
    // A service that stopped listening is not there any more, but it is still what its callers call: its last listeners stay.
    const listeners = header.listeners.length > 0 ? header.listeners : process.listeners;
    const changed =
      process.advertised !== header.advertised ||
      process.remoteAddress !== receipt.remoteAddress ||
      placesOf(process.listeners) !== placesOf(listeners);
    if (changed) version++;
    process.listeners = listeners;
    process.advertised = header.advertised;
    process.remoteAddress = receipt.remoteAddress;
    process.closing = header.closing;
    process.counters = header.counters;
    process.countersAt = header.sentAt;
  };

  return {
    reported(header, receipt) {
      const known = byReporter.get(header.reporter) ?? table.ofReporter(header.reporter);
      if (known !== undefined) {
        // Last reported is last evicted.
        byReporter.delete(known.reporter);
        keep(known);
        describe(known, header, receipt);
        dirty.add(known);
        return known;
      }
      const process = keep(table.add(begin(header, receipt)));
      version++;
      dirty.add(process);
      return process;
    },
    ofNumber(number) {
      const process = byNumber.get(number) ?? table.ofNumber(number);
      if (process === undefined) throw new Error(`no process ${number}`);
      return byNumber.has(number) ? process : keep(process);
    },
    touch: (process) => void dirty.add(process),
    all: () => byReporter.values(),
    get version() {
      return version;
    },
    flush() {
      for (const process of dirty) table.write(process);
      dirty.clear();
    },
  };
}

/** Where it listens. How a proxy finds the service behind it may change with each report, and moves no target. */
const placesOf = (listeners: readonly Listener[]): string =>
  JSON.stringify(listeners.map(({ address, port, tls }) => [address, port, tls]));

function begin(header: ReportHeader, receipt: Receipt): Omit<Process, 'number'> {
  return {
    reporter: header.reporter,
    machine: header.machine,
    name: header.name,
    hostId: header.hostId,
    pid: header.pid,
    stack: header.stack,
    firstReportAt: receipt.receivedAt,
    listeners: header.listeners,
    advertised: header.advertised,
    remoteAddress: receipt.remoteAddress,
    lastReportAt: receipt.receivedAt,
    closing: header.closing,
    clock: nextOffset(null, receipt.receivedAt - header.sentAt),
    soapVersion: '1.1',
    counters: header.counters,
    countersAt: header.sentAt,
    stored: 0,
    expired: 0,
    rows: createIntervalSet(),
  };
}

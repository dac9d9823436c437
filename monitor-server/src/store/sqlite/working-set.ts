import type { Report } from '@soa-monitor/protocol';
import type { Database } from 'better-sqlite3';
import type { Receipt, StoreCounts } from '../store.ts';
import { createAttribution } from './attribution.ts';
import { createLiveCells, LIVE_SECONDS, type LiveCells } from './cells.ts';
import { createConnections } from './connections.ts';
import { createDictionaries } from './dictionaries.ts';
import { createExchangeTable, type ExchangeTable } from './exchange-table.ts';
import { createExchanges, type Exchanges } from './exchanges.ts';
import { createFacts } from './facts.ts';
import { createJoinIndex } from './join-index.ts';
import { type Meta, readMeta } from './meta.ts';
import { createObserve } from './observe.ts';
import { createPending, JOINABLE_MICROS, type Pending } from './pending.ts';
import { createProcesses, type Processes } from './processes.ts';
import { countedSince } from './recount.ts';
import { createRegister, type Register } from './register.ts';
import { createTargets } from './resolve-target.ts';
import { createRollups, type Rollups } from './rollups.ts';
import type { WriterSettings } from './writer.ts';

/** All that the writer has in memory. Derived from the database: built at start, and anew after a commit that failed. */
export interface WorkingSet {
  readonly meta: Meta;
  readonly processes: Processes;
  readonly register: Register;
  readonly rollups: Rollups;
  readonly cells: LiveCells;
  readonly exchangeTable: ExchangeTable;
  readonly exchanges: Exchanges;
  readonly pending: Pending;
  /** Gives how many rows of the report are stored now. */
  append(report: Report, receipt: Receipt): number;
  counts(): StoreCounts;
}

/** Records read back at start, at most. */
const RESUMED_MAX = 100_000;

export function createWorkingSet(database: Database, settings: WriterSettings): WorkingSet {
  const now = settings.clock();
  const meta = readMeta(database);
  const processes = createProcesses(database);
  const dictionaries = createDictionaries(database);
  const register = createRegister(database);
  const rollups = createRollups(database);
  const cells = createLiveCells(now);
  const facts = createFacts(database, processes, dictionaries);
  const exchangeTable = createExchangeTable(database, facts, register);
  const nextId = () => ++meta.exchangeId;
  const exchanges = createExchanges({ facts, table: exchangeTable, rollups, cells, dictionaries, nextId });
  const joins = createJoinIndex();
  const connections = createConnections();
  const attribution = createAttribution(register, createTargets(processes), exchanges.get);
  const pending = createPending({ exchanges, joins, connections, attribution, startedAt: now });
  const nextSeq = () => ++meta.observationSeq;
  const { retentionMicros } = settings;
  const parts = {
    exchanges,
    joins,
    connections,
    pending,
    attribution,
    dictionaries,
    register,
    nextSeq,
    retentionMicros,
  };
  const observe = createObserve(parts);

  const unfinished = exchangeTable.pending(RESUMED_MAX);
  const oneSided = exchangeTable.oneSidedSince(now - JOINABLE_MICROS, RESUMED_MAX);
  for (const exchange of [...unfinished, ...oneSided]) pending.resume(exchanges.hold(exchange));
  for (const { link, start, counted } of countedSince(database, now - LIVE_SECONDS * 1_000_000))
    cells.count(register.linkOf(link), start, counted, 1);
  cells.changed(0);

  return {
    meta,
    processes,
    register,
    rollups,
    cells,
    exchangeTable,
    exchanges,
    pending,
    append(report, receipt) {
      const process = processes.reported(report.header, receipt);
      if (process.listeners.length > 0 || report.rows.some((row) => row.role === 'server'))
        register.server(process, receipt.receivedAt);
      for (const row of report.rows) {
        if (!process.rows.add(row.rowSeq)) continue;
        process.stored++;
        observe(process, row, receipt);
      }
      return report.rows.length;
    },
    counts() {
      let closedGaps = 0;
      for (const process of processes.all()) closedGaps += process.rows.closedGaps;
      return {
        waiting: pending.waiting,
        joinable: joins.size,
        inMemory: exchanges.inMemory,
        evicted: pending.evicted,
        foldedNames: dictionaries.folded + register.folded,
        closedGaps,
        commits: meta.commitSeq,
      };
    },
  };
}

import type { Database } from 'better-sqlite3';
import type { Appended, Receipt, StoreCounts } from '../store.ts';
import { createAddressClaims } from './address-claims.ts';
import { createAttemptTable } from './attempt-table.ts';
import { createAttribution } from './attribution.ts';
import { createBodyTable, halfOfRow, withoutBodies } from './body-table.ts';
import { createLiveCells, LIVE_SECONDS, type LiveCells } from './cells.ts';
import { createClockPairTable } from './clock-pair-table.ts';
import { type ClockPairs, createClockPairs } from './clock-pairs.ts';
import { createConnections } from './connections.ts';
import { createDictionaries } from './dictionaries.ts';
import { createEvidenceUses, hashKey } from './evidence-uses.ts';
import type { Key } from './exchange-key.ts';
import { createExchangeTable } from './exchange-table.ts';
import { createExchanges, type Exchanges } from './exchanges.ts';
import { createFacts } from './facts.ts';
import type { Half } from './half.ts';
import { createAgreement } from './half-agreement.ts';
import { createHashTrust } from './hash-trust.ts';
import { createHashWishes } from './hash-wishes.ts';
import { createJoinIndex } from './join-index.ts';
import { createLongExchanges } from './long-exchanges.ts';
import { type Meta, readMeta } from './meta.ts';
import { createObserve } from './observe.ts';
import type { MetReport } from './packed-report.ts';
import { boundsFor, createPartitions, type Partitions } from './partitions.ts';
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
  readonly partitions: Partitions;
  readonly exchanges: Exchanges;
  readonly pending: Pending;
  readonly clocks: ClockPairs;
  append(report: MetReport, receipt: Receipt): Appended;
  counts(): Omit<StoreCounts, 'commitTimes'>;
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
  const partitions = createPartitions(database, settings.partitions ?? boundsFor(settings.retentionMicros));
  const facts = createFacts(database, partitions, processes, dictionaries);
  const bodyTable = createBodyTable(database, partitions);
  const exchangeTable = createExchangeTable(database, partitions, facts, register);
  const exchanges = createExchanges({
    ...{ facts, table: exchangeTable, partitions, attempts: createAttemptTable(database, partitions) },
    ...{ rollups, cells, long: createLongExchanges(database), dictionaries },
  });
  const halfAt = (key: Key): Half | null => {
    const row = facts.row(key);
    return row === null ? null : facts.half(row);
  };
  const connections = createConnections();
  const claims = createAddressClaims(connections);
  const trust = createHashTrust();
  // What was used before this writer began is not known; in an empty database there is nothing to know.
  const uses = createEvidenceUses(meta.observationSeq === 0 ? 0 : now);
  const saw = (half: Half): void => {
    claims.saw(half);
    connections.saw(half);
    uses.saw(half);
    const twin = hashKey(half) === null ? 'none' : uses.twinOf(half);
    if (twin !== 'none') trust.repeated(half, twin);
  };
  const clocks = createClockPairs(createClockPairTable(database));
  const wishes = createHashWishes();
  const attribution = createAttribution(register, createTargets(processes), halfAt);
  const joins = createJoinIndex({
    ...{ agreement: createAgreement(clocks), uses, claims, trust, lineOf: connections.lineOf },
    isElsewhere: (client, server) =>
      attribution.isElsewhere(client, server) || connections.endsElsewhere(client, server),
  });
  const pending = createPending({
    ...{ exchanges, joins, connections, attribution, clocks, trust, wishes, saw },
    startedAt: now,
  });
  const nextSeq = () => ++meta.observationSeq;
  const { retentionMicros } = settings;
  const parts = {
    exchanges,
    joins,
    saw,
    pending,
    attribution,
    dictionaries,
    register,
    nextSeq,
    retentionMicros,
  };
  const observe = createObserve(parts);

  let heardAt = 0;
  for (const { lastReportAt } of processes.all()) heardAt = Math.max(heardAt, lastReportAt);
  const unfinished = exchangeTable.pending(heardAt, RESUMED_MAX);
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
    partitions,
    exchanges,
    pending,
    clocks,
    append(report, receipt) {
      const process = processes.reported(report.header, receipt);
      if (process.listeners.length > 0 || report.rows.some((row) => row.role === 'server'))
        register.server(process, receipt.receivedAt);
      for (const row of report.rows) {
        if (!process.rows.add(row.rowSeq)) continue;
        process.stored++;
        const { extras, bodies } = withoutBodies(row.extras);
        observe(process, bodies === null ? row : { ...row, extras }, receipt);
        if (bodies === null) continue;
        const half = halfOfRow(exchanges.ofRecord(process, row.exchangeNo), process, row);
        if (half !== null) bodyTable.keep(half, row.part, bodies);
      }
      return { acknowledged: report.rows.length, wishes: wishes.of(process, receipt.receivedAt) };
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

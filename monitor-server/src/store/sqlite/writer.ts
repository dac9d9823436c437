import type { FeedItems, Place, StateChange, View } from '@soa-monitor/protocol';
import type { Database } from 'better-sqlite3';
import type { Appended, Limits, Receipt, StoreCounts } from '../store.ts';
import { createCommitTimes } from './commit-times.ts';
import { createForget, type ForgetStep } from './forget.ts';
import { knowLongExchanges } from './long-exchanges.ts';
import { createMetaWriter } from './meta.ts';
import { countOf, type PackedExchanges } from './packed-exchanges.ts';
import type { MetReport } from './packed-report.ts';
import type { PartitionBounds } from './partitions.ts';
import { createStateTable } from './state-table.ts';
import { createViewTable } from './view-table.ts';
import { createWorkingSet, type WorkingSet } from './working-set.ts';

/** What the writer is asked, and what it answers. */
export interface Writes {
  append: { readonly report: MetReport; readonly receipt: Receipt };
  settle: {
    readonly now: number;
    readonly waitMicros: number;
    readonly silentMicros: number;
    readonly isSetForward?: boolean;
  };
  recordStates: { readonly changes: readonly Omit<StateChange, 'version'>[] };
  putView: { readonly id: string; readonly view: View; readonly ifMatch: string | null };
  placeNode: { readonly id: string; readonly node: string; readonly place: Place | null };
  forget: Limits;
  counts: null;
}

export interface WriteAnswers {
  append: Appended;
  settle: { readonly waiting: number };
  recordStates: null;
  putView: { readonly etag: string } | null;
  placeNode: { readonly etag: string };
  forget: ForgetStep;
  counts: StoreCounts;
}

export type WriteKind = keyof Writes;
export type WriteRequest = { readonly [K in WriteKind]: { readonly kind: K; readonly request: Writes[K] } }[WriteKind];

export interface Writer {
  /**
   * Does all requests in one durable transaction and answers them in order. When it throws, nothing of it is stored, and
   * the memory is built anew from the database.
   */
  commit(requests: readonly WriteRequest[]): Done<readonly WriteAnswers[WriteKind][]>;
  commitOne<K extends WriteKind>(kind: K, request: Writes[K]): Done<WriteAnswers[K]>;
  close(): void;
}

export interface Done<Answer> {
  readonly answer: Answer;
  /** What it changed; null when nothing that is shown. */
  readonly committed: Told | null;
}

/** What a commit changed, as `Committed` of the contract with its exchanges packed. */
export interface Told {
  readonly commitSeq: number;
  readonly feed: Omit<FeedItems, 'exchanges'>;
  readonly exchanges: PackedExchanges;
}

export interface WriterSettings {
  readonly clock: () => number;
  readonly retentionMicros: number;
  readonly partitions?: PartitionBounds;
}

type Handlers = { readonly [K in WriteKind]: (request: Writes[K]) => WriteAnswers[K] };

export function createWriter(database: Database, settings: WriterSettings): Writer {
  knowLongExchanges(database);
  let working = createWorkingSet(database, settings);
  let isStale = false;
  const writeMeta = createMetaWriter(database);
  const totalChanges = database.prepare<[], { count: number }>('SELECT total_changes() AS count');
  const states = createStateTable(database);
  const views = createViewTable(database);
  const forget = createForget(database);
  const commitTimes = createCommitTimes();
  let stateChanges: StateChange[] = [];
  let flushAll = false;

  const handlers: Handlers = {
    append: ({ report, receipt }) => working.append(report, receipt),
    settle({ now, waitMicros, silentMicros, isSetForward }) {
      flushAll = true;
      working.pending.settle(now, waitMicros, silentMicros, isSetForward);
      working.cells.forget(now);
      return { waiting: working.pending.waiting };
    },
    recordStates({ changes }) {
      for (const change of changes) {
        const version = working.meta.commitSeq + 1;
        working.register.setState(change);
        states.add({ ...change, version }, ++working.meta.stateSeq);
        stateChanges.push({ ...change, version });
      }
      return null;
    },
    putView: ({ id, view, ifMatch }) => views.put(id, view, ifMatch),
    placeNode: ({ id, node, place }) => views.place(id, node, place),
    forget: (limits) => forget(working, limits),
    counts: () => ({ ...working.counts(), commitTimes: commitTimes.read() }),
  };

  const transact = <Answer>(requests: number, work: () => Answer): Done<Answer> => {
    const began = performance.now();
    if (isStale) working = createWorkingSet(database, settings);
    const changesBefore = totalChanges.get()?.count;
    // Nothing has changed in memory if somebody else holds the file.
    database.exec('BEGIN IMMEDIATE');
    isStale = true;
    try {
      const answer = work();
      const before = working.meta.commitSeq;
      working.meta.commitSeq++;
      const told = flush(working, working.meta.commitSeq, stateChanges, flushAll);
      if (isEmpty(told)) working.meta.commitSeq = before;
      // A settling that settled nothing must cost no write to the disk.
      if (totalChanges.get()?.count !== changesBefore) writeMeta(working.meta, before);
      database.exec('COMMIT');
      commitTimes.took(performance.now() - began, requests);
      isStale = false;
      return { answer, committed: isEmpty(told) ? null : told };
    } finally {
      // A COMMIT that failed (disk full) may have rolled back already.
      if (database.inTransaction) database.exec('ROLLBACK');
      stateChanges = [];
      flushAll = false;
    }
  };

  return {
    commit: (requests) =>
      transact(requests.length, () => requests.map(({ kind, request }) => answer(handlers, kind, request))),
    commitOne: (kind, request) => transact(1, () => handlers[kind](request)),
    close() {
      // After a commit that failed the memory says what the database does not.
      if (!isStale) database.transaction(() => working.clocks.flush())();
      database.pragma('wal_checkpoint(TRUNCATE)');
      database.close();
    },
  };
}

const answer = <K extends WriteKind>(handlers: Handlers, kind: K, request: Writes[K]): WriteAnswers[K] =>
  handlers[kind](request);

function flush(working: WorkingSet, version: number, states: readonly StateChange[], all: boolean): Told {
  const { told: exchanges, gone } = working.exchanges.flush(version, working.pending.isSettled);
  working.partitions.flush();
  working.rollups.flush(all);
  // What is known of clocks grows surer with nearly every exchange: written with each settling, not with each report.
  if (all) working.clocks.flush();
  const { nodes, links } = working.register.flush(all);
  working.processes.flush();
  return {
    commitSeq: version,
    feed: { nodes, links, states, cells: working.cells.changed(version), gone },
    exchanges,
  };
}

const isEmpty = ({ feed, exchanges }: Told): boolean =>
  feed.nodes.length +
    feed.links.length +
    feed.states.length +
    countOf(exchanges) +
    feed.cells.length +
    feed.gone.length ===
  0;

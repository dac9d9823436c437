import type { Connection, Exchange, ExchangeDetail, Exchanges, Half } from '@soa-monitor/protocol';
import { clientId, outcomeOf, serverId } from '@soa-monitor/protocol';
import type { Database } from 'better-sqlite3';
import type { ExchangesQuery } from '../store.ts';
import { createAddressReader } from './address-table.ts';
import { createBodyReader, NO_BODIES } from './body-table.ts';
import type { Catalogue, Nodes } from './catalogue.ts';
import { createExchangeFilter, hasEvidence, hasText } from './exchange-filter.ts';
import { firstStored, idOf, type Key, keyOf } from './exchange-key.ts';
import { foldExchange } from './fold-exchange.ts';
import { CONFIDENCE, EVIDENCE, type PlacedClock, serverShiftOf } from './half.ts';
import { readKept } from './kept.ts';
import { clockOf, idsOf, type ObservationRow, parentOf, parseExtras, partnerOf } from './observation-row.ts';
import { listPartitions, perPartition } from './partitions.ts';
import { type AttemptsOf, createAttemptReader } from './read-attempts.ts';
import { scanExchanges } from './scan.ts';
import { inSnapshot } from './snapshot.ts';

/**
 * Work for one page, at most: 1 for an exchange looked at, more for one that is read whole to be shown or searched for a
 * text. A page that ends there is not full, says how far it came, and its cursor goes on.
 */
export const SCANNED_MAX = 60_000;
export const DETAIL_COST = 10;
const PAGE_MAX = 10_000;

/** Exchanges that are attributed, by their start. The cursor stays true whatever is stored in between. */
export function readExchanges(database: Database, catalogue: Catalogue, query: ExchangesQuery): Exchanges {
  return inSnapshot(database, ({ renewIfOld }) => {
    const detail = createDetailReader(database, catalogue);
    const limit = Math.min(Math.max(1, query.limit), PAGE_MAX);
    const isWanted = createExchangeFilter(database, catalogue, query);
    const exchanges: Exchange[] = [];
    let scanned = 0;
    let work = 0;
    const { window } = query;
    const newestFirst = query.order !== 'oldest';
    const { factsSince } = readKept(database);
    const answered = (end: { readonly scannedTo: number; readonly cursor: string | null }): Exchanges => ({
      window,
      exchanges,
      ...end,
      explain: {
        tiers: [{ tier: 'facts', rows: scanned }],
        rowsRead: scanned,
        partial: window.from < factsSince ? [{ reason: 'expired', before: factsSince, exchanges: null }] : [],
      },
    });
    const scan = { ...window, after: parseCursor(query.cursor), newestFirst, first: limit, between: renewIfOld };
    for (const candidate of scanExchanges(database, scan)) {
      scanned++;
      work++;
      if (isWanted(candidate)) {
        work += DETAIL_COST;
        const found = detail.exchange(candidate.id);
        if (found !== null && hasEvidence(found, query) && hasText(found, query.text)) exchanges.push(found.exchange);
      }
      if (exchanges.length >= limit || work >= SCANNED_MAX)
        return answered({ scannedTo: candidate.time, cursor: `${candidate.time}.${candidate.seq}` });
    }
    return answered({ scannedTo: newestFirst ? window.from : window.to, cursor: null });
  });
}

/** One exchange with both halves; an id that was merged away leads to the survivor. Null: unknown, or not attributed yet. */
export function readExchange(database: Database, catalogue: Catalogue, id: string): ExchangeDetail | null {
  const bodiesOf = createBodyReader(database);
  const attemptsOf = createAttemptReader(database, catalogue);
  return inSnapshot(database, () => createDetailReader(database, catalogue, bodiesOf, attemptsOf).exchange(id));
}

export function parseCursor(cursor: string | null): { readonly time: number; readonly seq: number } | null {
  const [time, seq] = (cursor ?? '').split('.').map(Number);
  return time !== undefined && seq !== undefined && Number.isSafeInteger(time) && Number.isSafeInteger(seq)
    ? { time, seq }
    : null;
}

export interface DetailReader {
  exchange(id: string): ExchangeDetail | null;
  /** The id of the outermost exchange that is still known. */
  rootOf(id: string): string;
  childrenOf(id: string): readonly string[];
  /** It was called by an exchange that is not kept any more. */
  hasLostParent(id: string): boolean;
}

type Row = ObservationRow & { readonly reporter: string; readonly machine: string; readonly name: string };

/** The rows of an exchange's halves; of the one that places it, what is known of the whole. */
interface Rows {
  readonly id: string;
  readonly places: Row;
  readonly client: Row | null;
  readonly server: Row | null;
  /** The half that was seen and is not kept any more. */
  readonly expired: 'client' | 'server' | null;
}

/** A chain of calls deeper than this is cut: what is above is not looked for. */
const DEPTH_MAX = 1_000;

/** Bodies and attempts are read for one exchange only, never for a list. */
export function createDetailReader(
  database: Database,
  catalogue: Catalogue,
  bodiesOf: ReturnType<typeof createBodyReader> = () => NO_BODIES,
  attemptsOf: AttemptsOf = () => [],
): DetailReader {
  const partitionsIn = listPartitions(database);
  const addresses = createAddressReader(database);
  const observations = perPartition((number) =>
    database.prepare<[number, number], Row>(
      `SELECT o.*, p.reporter, p.machine, p.name FROM observation_${number} o JOIN process p ON p.number = o.process
       WHERE o.time = ? AND o.seq = ?`,
    ),
  );
  const children = perPartition((number) =>
    database.prepare<[number, number], Key>(
      `SELECT time, seq FROM child_${number} WHERE parent_time = ? AND parent_seq = ? ORDER BY time, seq`,
    ),
  );
  let nodes: Nodes | null = null;
  const row = ({ time, seq }: Key): Row | null => {
    const [partition] = partitionsIn(time, time + 1);
    return partition === undefined ? null : (observations(partition.number).get(time, seq) ?? null);
  };
  /** By the key of either half. */
  const rowsAt = (key: Key): Rows | null => {
    const found = row(key);
    if (found === null) return null;
    const partner = partnerOf(found);
    const other = partner === null ? null : row(partner);
    const isClient = found.role === 1;
    const [client, server] = isClient ? [found, other] : [other, found];
    const expired = partner === null || other !== null ? null : isClient ? 'server' : 'client';
    return { id: idOf(firstStored(found, partner)), places: client ?? found, client, server, expired };
  };
  const rowsOf = (id: string): Rows | null => {
    const key = keyOf(id);
    return key === null ? null : rowsAt(key);
  };
  const parentRows = (rows: Rows): Rows | null => {
    const parent = parentOf(rows.places);
    return parent === null ? null : rowsAt(parent);
  };
  const observed = (found: Row | null): ObservedHalf | null =>
    found === null
      ? null
      : { half: halfOf(found), time: found.time, offset: found.offset_micros, process: found.process };
  function halfOf(found: Row): Half {
    nodes ??= catalogue.nodes();
    const server = serverId(found.machine, found.name);
    const extras = found.extras === null ? null : parseExtras(found.extras);
    return {
      reporter: found.reporter,
      node: nodes.get(server) === undefined ? clientId(found.machine, found.name) : server,
      exchangeNo: found.exchange_no,
      role: found.role === 1 ? 'client' : 'server',
      call: catalogue.call(found.call).call,
      start: found.time,
      requestLast: found.request_last,
      replyFirst: found.reply_first,
      replyLast: found.reply_last,
      end: found.end_offset,
      requestBytes: found.request_bytes,
      replyBytes: found.reply_bytes,
      outcome: outcomeOf(found.outcome),
      status: found.status,
      fault: found.fault === null ? null : catalogue.fault(found.fault).fault,
      connection: found.connection === null ? null : shownConnection(addresses.connectionOf(found.connection)),
      ordinal: found.ordinal,
      ids: found.ids === null ? null : idsOf(found.ids),
      attempts: extras?.attempts ?? null,
      attemptOf: extras?.attemptOf ?? null,
      requestAttachments: extras?.requestAttachments ?? null,
      replyAttachments: extras?.replyAttachments ?? null,
      hasBodyHash: extras?.bodyHash !== undefined,
      ...bodiesOf(found),
    };
  }
  const rootOf = (rows: Rows): string => {
    let found = rows;
    for (let depth = 0; depth < DEPTH_MAX; depth++) {
      const parent = parentRows(found);
      // None, or forgotten by age: the tree begins here.
      if (parent === null) break;
      found = parent;
    }
    return found.id;
  };

  return {
    rootOf(id) {
      const rows = rowsOf(id);
      return rows === null ? id : rootOf(rows);
    },
    hasLostParent(id) {
      const rows = rowsOf(id);
      return rows !== null && parentOf(rows.places) !== null && parentRows(rows) === null;
    },
    childrenOf(id) {
      const server = rowsOf(id)?.server ?? null;
      const [partition] = server === null ? [] : partitionsIn(server.time, server.time + 1);
      if (server === null || partition === undefined) return [];
      const keys = children(partition.number).all(server.time, server.seq);
      return keys.flatMap((key) => rowsAt(key)?.id ?? []);
    },
    exchange(id) {
      const rows = rowsOf(id);
      const found = rows?.places ?? null;
      if (rows === null || found === null || found.link === null) return null;
      const client = observed(rows.client);
      const server = observed(rows.server);
      nodes ??= catalogue.nodes();
      const link = catalogue.link(found.link);
      const lost = found.lost === 1;
      const clock = clockOf(found);
      const evidence = found.evidence === null ? null : (EVIDENCE[found.evidence] ?? null);
      const folded = foldExchange(folding(client), folding(server), lost, serverShiftOf({ client, server, clock }));
      const decisive = folded.decisive.half;
      const unread = client?.half.call.operation === null ? server : client;
      return {
        exchange: {
          id: rows.id,
          transaction: rootOf(rows),
          parent: parentRows(rows)?.id ?? null,
          link: link.id,
          source: link.source,
          target: link.target,
          sourceName: nodes.label(link.source),
          targetName: nodes.label(link.target),
          call: (unread ?? client ?? server)?.half.call ?? decisive.call,
          outcome: folded.outcome,
          lost: lost && folded.outcome === null,
          status: decisive.status,
          fault: decisive.fault ?? (folded.outcome === 'fault' ? (server?.half.fault ?? null) : null),
          start: folded.start,
          durationMicros: folded.durationMicros,
          ...folded.times,
          requestBytes: decisive.requestBytes,
          replyBytes: decisive.replyBytes,
          halves: client === null ? 'server' : server === null ? 'client' : 'both',
          evidence,
          confidence: evidence === null ? null : CONFIDENCE[evidence],
          ambiguous: found.ambiguous === 1,
        },
        client: client?.half ?? null,
        server: server?.half ?? null,
        expired: rows.expired,
        clock: shownClock(clock),
        attempts:
          client === null
            ? []
            : attemptsOf({ process: client.process, exchange_no: client.half.exchangeNo, time: client.time }),
      };
    },
  };
}

/** One host has one clock: nothing to tell. (What was measured between two is never without uncertainty.) */
const shownClock = (clock: PlacedClock | null): PlacedClock | null =>
  clock === null || clock.uncertaintyMicros === 0 ? null : clock;

interface ObservedHalf {
  readonly half: Half;
  readonly time: number;
  readonly offset: number;
  readonly process: number;
}

const folding = (observed: ObservedHalf | null) =>
  observed === null ? null : { ...observed.half, time: observed.time, half: observed.half };

const shownConnection = ({ server, client }: Connection): string => `${client} → ${server}`;

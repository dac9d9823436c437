import type { Exchange, ExchangeDetail, Exchanges, Half } from '@soa-monitor/protocol';
import { clientId, outcomeOf, serverId } from '@soa-monitor/protocol';
import type { Database } from 'better-sqlite3';
import type { ExchangesQuery } from '../store.ts';
import { createBodyReader, NO_BODIES } from './body-table.ts';
import type { Catalogue, Nodes } from './catalogue.ts';
import { createExchangeFilter, hasText } from './exchange-filter.ts';
import { clockOf } from './exchange-table.ts';
import { connectionOf, type ObservationRow, parseExtras, parseIds } from './facts.ts';
import { foldExchange } from './fold-exchange.ts';
import { CONFIDENCE, EVIDENCE, type PlacedClock, serverShiftOf } from './half.ts';
import { readKept } from './kept.ts';
import { type AttemptsOf, createAttemptReader } from './read-attempts.ts';
import { scanExchanges } from './scan.ts';
import { inSnapshot } from './snapshot.ts';

/**
 * Work for one page, at most: 1 for an exchange looked at, more for one that is read whole to be shown or searched for a
 * text. A page that ends there is not full, says how far it came, and its cursor goes on.
 */
const SCANNED_MAX = 60_000;
const DETAIL_COST = 10;
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
    const scan = { ...window, after: parseCursor(query.cursor), newestFirst, between: renewIfOld };
    for (const candidate of scanExchanges(database, scan)) {
      scanned++;
      work++;
      if (isWanted(candidate)) {
        work += DETAIL_COST;
        const found = detail.exchange(candidate.id);
        if (found !== null && hasText(found, query.text)) exchanges.push(found.exchange);
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
  return inSnapshot(database, () => createDetailReader(database, catalogue, bodiesOf, attemptsOf).exchange(Number(id)));
}

export function parseCursor(cursor: string | null): { readonly time: number; readonly seq: number } | null {
  const [time, seq] = (cursor ?? '').split('.').map(Number);
  return time !== undefined && seq !== undefined && Number.isSafeInteger(time) && Number.isSafeInteger(seq)
    ? { time, seq }
    : null;
}

interface ExchangeRow {
  readonly id: number;
  readonly client_time: number | null;
  readonly client_seq: number | null;
  readonly server_time: number | null;
  readonly server_seq: number | null;
  readonly evidence: number | null;
  readonly ambiguous: number;
  readonly clock_offset: number | null;
  readonly clock_uncertainty: number | null;
  readonly link: number | null;
  readonly parent: number | null;
  readonly lost: number;
}

interface DetailReader {
  exchange(id: number): ExchangeDetail | null;
  rootOf(id: number): number;
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
  const select = database.prepare<[number], ExchangeRow>('SELECT * FROM exchange WHERE id = ?');
  const survivor = database.prepare<[number], { survivor: number }>('SELECT survivor FROM merged WHERE old = ?');
  const observation = database.prepare<
    [number, number],
    ObservationRow & { reporter: string; machine: string; name: string }
  >(
    `SELECT o.*, p.reporter, p.machine, p.name FROM observation o JOIN process p ON p.number = o.process
     WHERE o.time = ? AND o.seq = ?`,
  );
  let nodes: Nodes | null = null;
  const row = (id: number): ExchangeRow | undefined => {
    const found = select.get(id);
    if (found !== undefined) return found;
    const next = survivor.get(id)?.survivor;
    // Ids only fall along merges, so this ends.
    return next !== undefined && next < id ? row(next) : undefined;
  };
  const halfAt = (time: number | null, seq: number | null): ObservedHalf | null => {
    const found = time === null || seq === null ? undefined : observation.get(time, seq);
    return found === undefined
      ? null
      : { half: halfOf(found), time: found.time, offset: found.offset_micros, process: found.process };
  };
  function halfOf(found: ObservationRow & { reporter: string; machine: string; name: string }): Half {
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
      connection: shownConnection(found.connection),
      ordinal: found.ordinal,
      ids: found.ids === null ? null : parseIds(found.ids),
      attempts: extras?.attempts ?? null,
      attemptOf: extras?.attemptOf ?? null,
      requestAttachments: extras?.requestAttachments ?? null,
      replyAttachments: extras?.replyAttachments ?? null,
      hasBodyHash: extras?.bodyHash !== undefined,
      ...bodiesOf(found),
    };
  }
  const rootOf = (id: number): number => {
    let found = row(id);
    for (let depth = 0; depth < DEPTH_MAX && found !== undefined && found.parent !== null; depth++) {
      const parent = row(found.parent);
      // Forgotten by age: the tree begins below it.
      if (parent === undefined) break;
      found = parent;
    }
    return found?.id ?? id;
  };

  return {
    rootOf,
    exchange(id) {
      const found = row(id);
      if (found === undefined || found.link === null) return null;
      const client = halfAt(found.client_time, found.client_seq);
      const server = halfAt(found.server_time, found.server_seq);
      if (client === null && server === null) return null;
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
          id: String(found.id),
          transaction: String(rootOf(found.id)),
          parent: found.parent === null ? null : String(found.parent),
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
        clock: shownClock(clock),
        attempts: client === null ? [] : attemptsOf({ process: client.process, exchange_no: client.half.exchangeNo }),
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

const shownConnection = (text: string | null): string | null => {
  const connection = connectionOf(text);
  return connection === null ? null : `${connection.client} → ${connection.server}`;
};

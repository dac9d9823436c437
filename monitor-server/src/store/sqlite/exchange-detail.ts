import type { Connection, ExchangeDetail, Half } from '@soa-monitor/protocol';
import { clientId, outcomeOf, serverId } from '@soa-monitor/protocol';
import type { Database } from 'better-sqlite3';
import { createAddressReader } from './address-table.ts';
import { type createBodyReader, NO_BODIES } from './body-table.ts';
import type { Catalogue, Nodes } from './catalogue.ts';
import { createExchangeRows, type ExchangeRows, type ReportedRow, type Rows } from './exchange-rows.ts';
import { foldExchange } from './fold-exchange.ts';
import { CONFIDENCE, EVIDENCE, type PlacedClock, serverShiftOf } from './half.ts';
import { clockOf, idsOf, parentOf, parseExtras } from './observation-row.ts';
import type { AttemptsOf } from './read-attempts.ts';

export interface DetailReader {
  exchange(id: string): ExchangeDetail | null;
  /** The id of the outermost exchange that is still known. */
  rootOf(id: string): string;
  childrenOf(id: string): readonly string[];
  /** It was called by an exchange that is not kept any more. */
  hasLostParent(id: string): boolean;
}

/** A chain of calls deeper than this is cut: what is above is not looked for. */
const DEPTH_MAX = 1_000;

/** What answers questions about single exchanges on one connection; its statements are prepared once. */
export interface DetailSource {
  /** For one question. Bodies and attempts are read for one exchange only, never for a list. */
  begin(bodiesOf?: ReturnType<typeof createBodyReader>, attemptsOf?: AttemptsOf): DetailReader;
}

export function createDetailSource(database: Database, catalogue: Catalogue): DetailSource {
  const rows = createExchangeRows(database);
  const addresses = createAddressReader(database);
  return {
    begin(bodiesOf = () => NO_BODIES, attemptsOf = () => []) {
      rows.begin();
      return createDetailReader({ rows, addresses, catalogue, bodiesOf, attemptsOf });
    },
  };
}

interface Parts {
  readonly rows: ExchangeRows;
  readonly addresses: ReturnType<typeof createAddressReader>;
  readonly catalogue: Catalogue;
  readonly bodiesOf: ReturnType<typeof createBodyReader>;
  readonly attemptsOf: AttemptsOf;
}

function createDetailReader({ rows, addresses, catalogue, bodiesOf, attemptsOf }: Parts): DetailReader {
  let nodes: Nodes | null = null;
  const observed = (found: ReportedRow | null): ObservedHalf | null =>
    found === null
      ? null
      : { half: halfOf(found), time: found.time, offset: found.offset_micros, process: found.process };
  function halfOf(found: ReportedRow): Half {
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
  const rootOf = (exchange: Rows): string => {
    let found = exchange;
    for (let depth = 0; depth < DEPTH_MAX; depth++) {
      const parent = rows.parentOf(found);
      // None, or forgotten by age: the tree begins here.
      if (parent === null) break;
      found = parent;
    }
    return found.id;
  };

  return {
    rootOf(id) {
      const exchange = rows.rowsOf(id);
      return exchange === null ? id : rootOf(exchange);
    },
    hasLostParent(id) {
      const exchange = rows.rowsOf(id);
      return exchange !== null && parentOf(exchange.places) !== null && rows.parentOf(exchange) === null;
    },
    childrenOf(id) {
      const exchange = rows.rowsOf(id);
      return exchange === null ? [] : rows.childrenOf(exchange).map((child) => child.id);
    },
    exchange(id) {
      const exchange = rows.rowsOf(id);
      const found = exchange?.places ?? null;
      if (exchange === null || found === null || found.link === null) return null;
      const client = observed(exchange.client);
      const server = observed(exchange.server);
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
          id: exchange.id,
          transaction: rootOf(exchange),
          parent: rows.parentOf(exchange)?.id ?? null,
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
        expired: exchange.expired,
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

import type { ReportedRow } from '@soa-monitor/protocol';
import type { Receipt } from '../store.ts';
import type { Attribution } from './attribution.ts';
import type { Dictionaries } from './dictionaries.ts';
import type { Exchanges } from './exchanges.ts';
import type { ExchangeRecord, Half } from './half.ts';
import type { JoinIndex } from './join-index.ts';
import { keyTime } from './key-time.ts';
import type { Pending } from './pending.ts';
import type { Process } from './processes.ts';
import type { Register } from './register.ts';

export interface ObserveParts {
  readonly exchanges: Exchanges;
  readonly joins: JoinIndex;
  /** Told of each half that is taken in, and again when it has changed. */
  readonly saw: (half: Half) => void;
  readonly pending: Pending;
  readonly attribution: Attribution;
  readonly dictionaries: Dictionaries;
  readonly register: Register;
  readonly nextSeq: () => number;
  readonly retentionMicros: number;
}

export type Observe = (process: Process, row: ReportedRow, receipt: Receipt) => void;

/** Takes one new row: makes a record or completes one, joins it to its other half, and says where the exchange ran. */
export function createObserve(parts: ObserveParts): Observe {
  const { exchanges, joins, saw, pending, attribution, dictionaries, register } = parts;

  const halfOf = (process: Process, row: ReportedRow, receipt: Receipt, known: Half | null): Half => {
    const key = known ?? keyTime(row.start, process.clock, receipt.receivedAt, parts.retentionMicros);
    const { exchangeNo, role, parentNo, requestLast, replyFirst, replyLast, end, requestBytes, replyBytes } = row;
    const { outcome, status, connection, ordinal, ids, extras } = row;
    return {
      time: key.time,
      seq: known?.seq ?? parts.nextSeq(),
      process,
      exchangeNo,
      role,
      call: dictionaries.call(register.ownerId(process), row.call),
      parentNo,
      requestLast,
      replyFirst,
      replyLast,
      end,
      requestBytes,
      replyBytes,
      outcome,
      status,
      fault: row.fault === null ? null : dictionaries.fault(row.fault),
      connection: connection ?? known?.connection ?? null,
      ordinal: ordinal ?? known?.ordinal ?? null,
      ids: ids ?? known?.ids ?? null,
      extras: extras ?? known?.extras ?? null,
      offset: known?.offset ?? key.time - row.start,
      placed: key.placed,
      parts: (known?.parts ?? 0) + 1,
      line: undefined,
      idKeys: undefined,
    };
  };

  /** Puts the half where it belongs: into the exchange that waits for it, else into one of its own. */
  const place = (half: Half, receipt: Receipt): ExchangeRecord => {
    const match = joins.match(half);
    if (match.kind === 'joined') {
      joins.remove(match.exchange);
      exchanges.put(match.exchange, half, true);
      match.exchange.evidence = match.evidence;
      match.exchange.ambiguous = false;
      pending.placed(match.exchange);
      return match.exchange;
    }
    const exchange = exchanges.begin(half, receipt.receivedAt);
    if (match.kind === 'ambiguous') {
      for (const other of [exchange, ...match.exchanges]) {
        other.ambiguous = true;
        exchanges.changed(other);
      }
    }
    return exchange;
  };

  const complete = (exchange: ExchangeRecord, known: Half, row: ReportedRow, receipt: Receipt): void => {
    // The close may overtake its open, and a confused reporter may use a number twice: what has ended stays as it ended.
    const ended = known.outcome !== null || row.outcome === null || row.role !== known.role;
    const half = ended ? { ...known, parts: known.parts + 1 } : halfOf(known.process, row, receipt, known);
    exchanges.put(exchange, half, false);
    if (ended) return;
    saw(half);
    if (exchange.lost && (exchange.client ?? half).outcome !== null) exchange.lost = false;
    if (joins.has(exchange)) {
      const match = joins.match(half);
      if (match.kind === 'joined' && match.exchange !== exchange) {
        pending.join(exchange, match.exchange, match.evidence);
        return;
      }
      // Its identifiers may be known only now.
      joins.add(exchange);
      pending.hope(exchange, receipt.receivedAt);
    }
    pending.placed(exchange);
    pending.look(exchange);
  };

  return (process, row, receipt) => {
    const found = exchanges.ofRecord(process, row.exchangeNo);
    const known = found === null ? null : recordOf(found, process, row.exchangeNo);
    if (found !== null && known !== null) return complete(found, known, row, receipt);

    const half = halfOf(process, row, receipt, null);
    saw(half);
    const exchange = place(half, receipt);
    if (half.role === 'client' && half.parentNo !== null) pending.findParent(exchange, half, half.parentNo);
    if (half.role === 'server') {
      pending.adopt(exchange, half);
      if (row.call.soapVersion !== undefined) process.soapVersion = row.call.soapVersion;
    }
    if (exchange.client === null || exchange.server === null) {
      joins.add(exchange);
      pending.hope(exchange, receipt.receivedAt);
    }
    // A join or a parent found later moves the exchange to the link it really ran on.
    if (exchange.link !== null) exchange.link = attribution.linkOf(exchange, FORCED) ?? exchange.link;
    pending.look(exchange);
  };
}

const FORCED = { otherHalf: true, parent: true };

const recordOf = (exchange: ExchangeRecord, process: Process, exchangeNo: number): Half | null => {
  for (const half of [exchange.client, exchange.server])
    if (half !== null && half.process.number === process.number && half.exchangeNo === exchangeNo) return half;
  return null;
};

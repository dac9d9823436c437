import { type Counted, type ExchangeTimes, exchangeTimes, type Outcome } from '@soa-monitor/protocol';

/** What the fold needs of a half. `start` is key time; offsets are µs after it. */
export interface FoldedHalf {
  readonly time: number;
  readonly requestLast: number | null;
  readonly replyFirst: number | null;
  readonly replyLast: number | null;
  readonly end: number | null;
  readonly requestBytes: number;
  readonly replyBytes: number;
  readonly outcome: Outcome | null;
}

/** An exchange as it is shown and counted. */
export interface FoldedExchange<Half extends FoldedHalf> {
  /** Key time: the window it belongs to. */
  readonly start: number;
  /** The half whose outcome, duration, sizes, status and fault are the exchange's. */
  readonly decisive: Half;
  readonly outcome: Outcome | null;
  readonly durationMicros: number | null;
  readonly times: ExchangeTimes;
  /** Null while it has not ended, and for an HTTP round after which the message was sent again: neither is counted. */
  readonly counted: Counted | null;
}

/**
 * One exchange from one or two halves. The client's half decides where there is one; when its process went away before it
 * ended (`lost`), the server's half decides if that has ended. `serverShift` places the server's times. Pure: the oracle for every derived figure.
 */
export function foldExchange<Half extends FoldedHalf>(
  client: Half | null,
  server: Half | null,
  lost: boolean,
  serverShift = 0,
): FoldedExchange<Half> {
  const first = client ?? server;
  if (first === null) throw new Error('an exchange without halves');
  const serverDecides = client?.outcome === null && lost && server !== null && server.outcome !== null;
  const decisive = serverDecides ? server : first;
  const { outcome, end: durationMicros, requestBytes, replyBytes } = decisive;
  return {
    start: first.time,
    decisive,
    outcome,
    durationMicros: outcome === null ? null : (durationMicros ?? 0),
    times: exchangeTimes(sideTimes(client), sideTimes(server), serverShift),
    counted:
      outcome === null || outcome === 'attempt'
        ? null
        : { outcome, durationMicros: durationMicros ?? 0, requestBytes, replyBytes },
  };
}

const sideTimes = (half: FoldedHalf | null) =>
  half === null
    ? null
    : { start: half.time, requestLast: half.requestLast, replyFirst: half.replyFirst, replyLast: half.replyLast };

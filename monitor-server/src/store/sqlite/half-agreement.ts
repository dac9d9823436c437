import type { ClockPairs } from './clock-pairs.ts';
import { type Half, ownStart } from './half.ts';

/** Whether what two halves say of one exchange can be true of one exchange. Not evidence: a lack of contradiction. */
export interface Agreement {
  /** As the two ends of one connection see it. */
  ofConnection(client: Half, server: Half): boolean;
  /** As the two ends of a way with somebody between them may see it: the path may have been rewritten. */
  ofIds(client: Half, server: Half): boolean;
  /** The same, where the body's hash is all the evidence: everything that both sides have seen must be equal. */
  ofHash(client: Half, server: Half): boolean;
  /** Whether the clocks are known so well that two calls, one after the other, are told apart by their times. */
  areClocksClose(client: Half, server: Half): boolean;
}

const SLACK_MICROS = 5_000;
/** Between hosts: up to 500 ms of each clock are taken for delay and not corrected (key-time.ts). */
const CLOCK_UNCERTAINTY_MICROS = 1_000_000;
/** Two clocks that are known so well tell a call from its repetition. */
const CLOSE_MICROS = 20_000;
/**
 * A call whose end is not known yet may have ended long ago, and its port, or its message, have been used again. Not within
 * this: nobody reports a call as open sooner than its interval, and Linux lets a port rest for a second (tcp_tw_reuse).
 */
const OPEN_MICROS = 1_000_000;

export function createAgreement(clocks: ClockPairs): Agreement {
  const timing = (client: Half, server: Half): Timing => {
    const byReports = fits(client, clockStart(client), server, clockStart(server), CLOCK_UNCERTAINTY_MICROS);
    const pair = clocks.between(client, server);
    if (pair === null) return byReports ? 'roughly' : 'no';
    const serverStart = ownStart(server) - pair.offsetMicros;
    if (fits(client, ownStart(client), server, serverStart, pair.uncertaintyMicros))
      return pair.uncertaintyMicros <= CLOSE_MICROS ? 'closely' : 'roughly';
    return byReports ? 'notByPair' : 'no';
  };
  const inTime = (client: Half, server: Half): boolean => isNear(timing(client, server));
  /**
   * Rounds carry one message and may end alike, and those before and after may have been seen by one side only. They follow
   * each other, so what was served in one of them fits into another only where it was shorter than times may be wrong.
   */
  const isRoundTold = (client: Half, server: Half): boolean => {
    if (!mayBeAnyRound(client)) return true;
    const pair = clocks.between(client, server);
    return pair !== null && server.replyFirst !== null && server.replyFirst > SLACK_MICROS + pair.uncertaintyMicros;
  };

  return {
    areClocksClose: (client, server) => timing(client, server) === 'closely',
    ofConnection(client, server) {
      if (client.outcome === 'refused' || !isSameOperation(client, server)) return false;
      const isOneHost = client.process.hostId === server.process.hostId;
      if (!isOneHost && (client.call.call.path !== server.call.call.path || !isSameSize(client, server))) return false;
      const found = timing(client, server);
      // The connection says that they are one, the clocks that they are not: if that goes on, the clocks were wrong.
      if (found === 'notByPair' && !isOneHost && client.end !== null) clocks.doubt(client, server);
      return isNear(found);
    },
    ofIds(client, server) {
      if (client.outcome === 'refused' || !isSameOperation(client, server)) return false;
      if (client.status !== 0 && server.status !== 0 && client.status !== server.status) return false;
      const hasNoReply = client.outcome !== null && client.status === 0;
      // A call without a reply, and then the same message again: only close clocks tell which of them was served.
      if (hasNoReply && timing(client, server) !== 'closely') return false;
      return isRoundTold(client, server) && isReplyInReply(client, server) && inTime(client, server);
    },
    ofHash(client, server) {
      if (client.outcome === null || server.outcome === null) return false;
      if (client.status === 0 || client.status !== server.status) return false;
      if (client.requestBytes !== server.requestBytes || !isSameOperation(client, server)) return false;
      return isRoundTold(client, server) && isReplyInReply(client, server) && inTime(client, server);
    },
  };
}

type Timing = 'closely' | 'roughly' | 'no' | 'notByPair';

const isNear = (timing: Timing): boolean => timing === 'closely' || timing === 'roughly';

/** The server's half began while the client's was under way. */
function fits(client: Half, clientStart: number, server: Half, serverStart: number, uncertainty: number): boolean {
  const slack = SLACK_MICROS + uncertainty;
  if (serverStart < clientStart - slack) return false;
  if (serverStart > clientStart + (client.end ?? OPEN_MICROS) + slack) return false;
  if (client.replyLast === null || server.replyFirst === null) return true;
  return serverStart + server.replyFirst <= clientStart + client.replyLast + slack;
}

/** A round before the last, or a last one that was refused as those before it may have been. */
const mayBeAnyRound = ({ outcome, extras }: Half): boolean =>
  outcome === 'attempt' || (outcome === 'httpError' && (extras?.attempts ?? 1) > 1);

/** By our clock. A half that is placed by its receipt still has its own clock, corrected by what is known of it. */
const clockStart = (half: Half): number => (half.placed ? ownStart(half) + half.process.clock.applied : half.time);

/** Durations need no clocks: the server cannot have taken longer to begin its reply than the client to have it whole. */
const isReplyInReply = (client: Half, server: Half): boolean =>
  client.replyLast === null || server.replyFirst === null || server.replyFirst <= client.replyLast + SLACK_MICROS;

/** A half that could not read the operation (an open row, say) contradicts nothing; nor one that took it from elsewhere. */
function isSameOperation(client: Half, server: Half): boolean {
  const a = client.call.call;
  const b = server.call.call;
  if (a.operation === null || b.operation === null) return true;
  if ((a.operationSource ?? 'body') !== (b.operationSource ?? 'body')) return true;
  return a.operation.name === b.operation.name && a.operation.namespace === b.operation.namespace;
}

/** Only where both sides saw the exchange through: a cut request is as long as each of them saw. */
const isSameSize = (client: Half, server: Half): boolean =>
  !isDone(client) || !isDone(server) || client.requestBytes === server.requestBytes;

const isDone = ({ outcome }: Half): boolean => outcome === 'ok' || outcome === 'fault' || outcome === 'oneWay';

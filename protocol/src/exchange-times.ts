/**
 * The four times of an exchange in key time, epoch µs. Null: that side, or that message, was not seen.
 * A message is placed by its first byte where it is sent and by its last byte where it is received.
 */
export interface ExchangeTimes {
  readonly requestSent: number | null;
  readonly requestReceived: number | null;
  readonly replySent: number | null;
  readonly replyReceived: number | null;
}

/** One side of an exchange: key time of its start, and offsets from it in µs. */
export interface SideTimes {
  readonly start: number;
  readonly requestLast: number | null;
  readonly replyFirst: number | null;
  readonly replyLast: number | null;
}

/**
 * The four times from one or two halves. `serverShift` is what is known of the two clocks: added to the server's key times
 * it places them in the client's (0 when nothing is known). What is left of the difference is taken out by moving the
 * server's half as a whole, by the least that puts it inside the client's, so that nothing is received before it is sent
 * (for what remains when the server's half is the longer one, the request wins: the reply is then drawn as received when it
 * was sent).
 */
export function exchangeTimes(client: SideTimes | null, server: SideTimes | null, serverShift = 0): ExchangeTimes {
  const requestSent = client?.start ?? null;
  const serverStart = server === null ? null : server.start + (client === null ? 0 : serverShift);
  const received = serverStart === null ? null : serverStart + (server?.requestLast ?? 0);
  const sent = serverStart === null || server?.replyFirst == null ? null : serverStart + server.replyFirst;
  const replyReceived = client === null ? null : lastOf(client);
  if (client === null || received === null)
    return { requestSent, requestReceived: received, replySent: sent, replyReceived };

  const late = Math.max(0, client.start - received);
  const early = replyReceived === null || sent === null ? 0 : Math.min(0, replyReceived - sent);
  const shift = late > 0 ? late : Math.max(early, client.start - received);
  const replySent = sent === null ? null : sent + shift;
  return {
    requestSent,
    requestReceived: received + shift,
    replySent: replySent === null || replyReceived === null ? replySent : Math.min(replySent, replyReceived),
    replyReceived,
  };
}

function lastOf(side: SideTimes): number | null {
  const offset = side.replyLast ?? side.replyFirst;
  return offset === null ? null : side.start + offset;
}

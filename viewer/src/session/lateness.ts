import type { Delay } from '../model/delay.ts';
import type { Change } from '../model/picture.ts';

/** Observes how late each message of a delta came: those parts of an exchange that were not known before. */
export function observeLateness(change: Change, delay: Delay, local: number, offsetMicros: number): void {
  const now = local + offsetMicros;
  for (const { now: exchange, before } of change.exchanges) {
    const request = exchange.requestSent ?? exchange.requestReceived;
    const reply = exchange.replySent ?? exchange.replyReceived;
    const wasRequestKnown = before !== undefined && (before.requestSent ?? before.requestReceived) !== null;
    const wasReplyKnown = before !== undefined && (before.replySent ?? before.replyReceived) !== null;
    if (request !== null && !wasRequestKnown) delay.observe(local, now - request);
    if (reply !== null && !wasReplyKnown) delay.observe(local, now - reply);
  }
}

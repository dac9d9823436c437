import { allExchanges, firstFrames, openViewer, startEstate } from '@soa-monitor/end-to-end';
import type { Exchange } from '@soa-monitor/protocol';
import { atMost, print, quantileOf } from '../figure.ts';

/** Until eight fresh processes and a browser have compiled their hot code: before that the figures are those of a start. */
const WARM_UP_MILLIS = 30_000;
const MEASURED_MILLIS = 40_000;
const CALLS_PER_SECOND = 100;

/**
 * From a message passing an interceptor (its own wall stamp) to the frame of the drawing worker that first shows its dot,
 * the picture's own delay included, k = 1, requests and replies apart. All clocks are this machine's.
 */
export async function benchLatency(): Promise<void> {
  const estate = await startEstate({ rate: CALLS_PER_SECOND });
  const viewer = await openViewer(estate.url);
  try {
    await viewer.page.waitForTimeout(WARM_UP_MILLIS);
    await firstFrames(viewer.page);
    const from = Date.now() * 1_000;
    await viewer.page.waitForTimeout(MEASURED_MILLIS);
    const shown = new Map(
      (await firstFrames(viewer.page)).map(({ exchange, part, at }) => [`${exchange} ${part}`, at]),
    );
    // The last two seconds' messages may still be on their way.
    const to = from + (MEASURED_MILLIS - 2_000) * 1_000;
    report(await allExchanges(estate.url, { from, to }), shown);
  } finally {
    await viewer.close();
    await estate.close();
  }
}

function report(exchanges: readonly Exchange[], shown: ReadonlyMap<string, number>): void {
  const lateness = (part: string, stampOf: (exchange: Exchange) => number | null): number[] =>
    exchanges.flatMap((exchange) => {
      const stamp = stampOf(exchange);
      const frame = shown.get(`${exchange.id} ${part}`);
      return stamp === null || frame === undefined ? [] : [(frame - stamp) / 1_000];
    });
  const replyStamp = (exchange: Exchange): number | null => exchange.replySent ?? exchange.replyReceived;
  const requests = lateness('request', (exchange) => exchange.requestSent ?? exchange.requestReceived);
  const replies = lateness('reply', replyStamp);
  const leaving = lateness('replyLeaves', replyStamp);
  const answered = exchanges.filter((exchange) => replyStamp(exchange) !== null);
  print(atMost('live', 'request to its dot, p95', quantileOf(requests, 0.95), 'ms', 250));
  print(atMost('live', 'request to its dot, p99', quantileOf(requests, 0.99), 'ms', 500));
  print(atMost('live', 'reply to its dot, p95', quantileOf(replies, 0.95), 'ms', 250));
  print(atMost('live', 'reply to its dot, p99', quantileOf(replies, 0.99), 'ms', 500));
  print(
    atMost('live', 'reply to its dot leaving (its request lands first), p95', quantileOf(leaving, 0.95), 'ms', null),
  );
  print(atMost('live', 'requests whose dot was not shown', exchanges.length - requests.length, 'messages', 0));
  print(atMost('live', 'replies whose dot was not shown', answered.length - replies.length, 'messages', 0));
  print(atMost('live', 'exchanges measured', exchanges.length, 'exchanges', null));
}

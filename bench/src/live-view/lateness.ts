import { allExchanges, firstFrames, openViewer, startEstate } from '@soa-monitor/end-to-end';
import type { Exchange } from '@soa-monitor/protocol';
import { atMost, print, quantileOf } from '../figure.ts';

const BENCH = 'live-view';
/** Until all processes and the browser have compiled their hot code. */
const WARM_UP_MILLIS = 25_000;
const MEASURED_MILLIS = 30_000;
/** Of clients; what services call to answer them comes on top of it. */
const CALLS_PER_SECOND = 110;

/**
 * From a message passing an interceptor (its own stamp) to the frame that first shows it, the picture's own delay included,
 * every message being shown. Processes, monitor and browser share one machine and its clock.
 */
export async function benchLateness(): Promise<void> {
  const estate = await startEstate({ rate: CALLS_PER_SECOND });
  const viewer = await openViewer(estate.url);
  try {
    await viewer.page.waitForTimeout(WARM_UP_MILLIS);
    await firstFrames(viewer.page);
    const from = Date.now() * 1_000;
    await viewer.page.waitForTimeout(MEASURED_MILLIS);
    const frames = await firstFrames(viewer.page);
    const shownAt = new Map(frames.map(({ exchange, part, at }) => [`${exchange} ${part}`, at]));
    // The last two seconds' messages may still be on their way.
    const to = from + (MEASURED_MILLIS - 2_000) * 1_000;
    const messages = (await allExchanges(estate.url, { from, to })).flatMap(messagesOf);
    const late = messages.flatMap(({ key, stamp }) => {
      const at = shownAt.get(key);
      return at === undefined ? [] : [(at - stamp) / 1_000];
    });
    const perSecond = messages.length / ((to - from) / 1_000_000);
    const peer = `${perSecond.toFixed(0)} messages/s`;
    print({
      ...atMost(BENCH, 'message to the frame that first shows it, p95', quantileOf(late, 0.95), 'ms', 250, 150),
      peer,
    });
    print({
      ...atMost(BENCH, 'message to the frame that first shows it, p99', quantileOf(late, 0.99), 'ms', 500, 300),
      peer,
    });
    print(atMost(BENCH, 'messages never shown', messages.length - late.length, 'messages', 0));
  } finally {
    await viewer.close();
    await estate.close();
  }
}

function messagesOf(exchange: Exchange): readonly { readonly key: string; readonly stamp: number }[] {
  const request = exchange.requestSent ?? exchange.requestReceived;
  const reply = exchange.replySent ?? exchange.replyReceived;
  return [
    ...(request === null ? [] : [{ key: `${exchange.id} request`, stamp: request }]),
    ...(reply === null ? [] : [{ key: `${exchange.id} reply`, stamp: reply }]),
  ];
}

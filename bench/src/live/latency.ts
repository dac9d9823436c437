import { allExchanges, firstFrames, openViewer, startEstate } from '@soa-monitor/end-to-end';
import type { Exchange } from '@soa-monitor/protocol';
import { atMost, print, quantileOf } from '../figure.ts';

/** Until eight fresh processes and a browser have compiled their hot code: before that the figures are those of a start. */
const WARM_UP_MILLIS = 30_000;
const MEASURED_MILLIS = 40_000;

/** What a message's dot is: when it was first shown, and how late that was by the interceptor's stamp. */
interface Lateness {
  readonly requests: readonly number[];
  readonly replies: readonly number[];
  /** A reply's dot leaves when its request's has landed. */
  readonly leaving: readonly number[];
  readonly messages: number;
}

/**
 * From a message passing an interceptor (its own wall stamp) to the frame of the drawing worker that first shows its dot,
 * the picture's own delay included, every message being shown. All clocks are this machine's. `callsPerSecond`: of clients;
 * what services call to answer them comes on top: some 3.3 messages a call in all.
 */
export async function benchLatency(bench: string, callsPerSecond: number): Promise<void> {
  const estate = await startEstate({ rate: callsPerSecond });
  const viewer = await openViewer(estate.url);
  try {
    await viewer.page.waitForTimeout(WARM_UP_MILLIS);
    await firstFrames(viewer.page);
    const from = Date.now() * 1_000;
    await viewer.page.waitForTimeout(MEASURED_MILLIS);
    const frames = await firstFrames(viewer.page);
    const shown = new Map(frames.map(({ exchange, part, at }) => [`${exchange} ${part}`, at]));
    // The last two seconds' messages may still be on their way.
    const to = from + (MEASURED_MILLIS - 2_000) * 1_000;
    const lateness = latenessOf(await allExchanges(estate.url, { from, to }), shown);
    report(bench, lateness, lateness.messages / ((to - from) / 1_000_000));
  } finally {
    await viewer.close();
    await estate.close();
  }
}

function latenessOf(exchanges: readonly Exchange[], shown: ReadonlyMap<string, number>): Lateness {
  const of = (part: string, stampOf: (exchange: Exchange) => number | null): number[] =>
    exchanges.flatMap((exchange) => {
      const stamp = stampOf(exchange);
      const frame = shown.get(`${exchange.id} ${part}`);
      return stamp === null || frame === undefined ? [] : [(frame - stamp) / 1_000];
    });
  const requestStamp = (exchange: Exchange): number | null => exchange.requestSent ?? exchange.requestReceived;
  const replyStamp = (exchange: Exchange): number | null => exchange.replySent ?? exchange.replyReceived;
  const known = (stampOf: (exchange: Exchange) => number | null): number =>
    exchanges.filter((exchange) => stampOf(exchange) !== null).length;
  return {
    requests: of('request', requestStamp),
    replies: of('reply', replyStamp),
    leaving: of('replyLeaves', replyStamp),
    messages: known(requestStamp) + known(replyStamp),
  };
}

function report(bench: string, { requests, replies, leaving, messages }: Lateness, perSecond: number): void {
  const all = [...requests, ...replies];
  const peer = `${perSecond.toFixed(0)} messages/s; requests p95 ${p95(requests)}, replies p95 ${p95(replies)} ms`;
  const figure = 'message to the frame that first shows it';
  print({ ...atMost(bench, `${figure}, p95`, quantileOf(all, 0.95), 'ms', 250, 150), peer });
  print({ ...atMost(bench, `${figure}, p99`, quantileOf(all, 0.99), 'ms', 500, 300), peer });
  print(atMost(bench, 'messages never shown', messages - all.length, 'messages', 0));
  print(
    atMost(bench, 'reply to its dot leaving (its request lands first), p95', quantileOf(leaving, 0.95), 'ms', null),
  );
}

const p95 = (values: readonly number[]): string => quantileOf(values, 0.95).toFixed(0);

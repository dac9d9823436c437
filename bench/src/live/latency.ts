import type { Exchange, Exchanges } from '@soa-monitor/protocol';
import './scene-probe.ts';
import { atMost, print, quantileOf } from '../figure.ts';
import { freePorts, openBrowser, root, startProcess } from './processes.ts';

const WARM_UP_MILLIS = 15_000;
const MEASURED_MILLIS = 40_000;
const CALLS_PER_SECOND = 100;

/**
 * From a message passing an interceptor (its own wall stamp) to the frame of the drawing worker that first shows its dot,
 * the picture's own delay included, k = 1, requests and replies apart. All clocks are this machine's.
 */
export async function benchLatency(data: string): Promise<void> {
  const [port = 0, ...services] = await freePorts(4);
  const estate = startProcess(`${root}scripts/start.mjs`, [
    ...[
      '--port',
      `${port}`,
      '--data',
      data,
      '--rate',
      `${CALLS_PER_SECOND}`,
      '--seed',
      '1',
      '--ports',
      services.join(','),
    ],
  ]);
  await estate.until(/airline-b\s+pid/);
  const browser = await openBrowser();
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    await page.goto(`http://localhost:${port}`);
    await page.waitForFunction(() => globalThis.soaMonitorScene !== undefined);
    await page.waitForTimeout(WARM_UP_MILLIS);
    await page.evaluate(() => globalThis.soaMonitorScene.firstFrames(true));
    const from = Date.now() * 1_000;
    const shown = new Map<string, number>();
    while (Date.now() * 1_000 < from + MEASURED_MILLIS * 1_000) {
      await page.waitForTimeout(1_000);
      const frames = await page.evaluate(() => globalThis.soaMonitorScene.firstFrames(true));
      for (const { id, part, micros } of frames) if (!shown.has(`${id} ${part}`)) shown.set(`${id} ${part}`, micros);
    }
    // The last two seconds' messages may still be on their way; the first one's may have begun before.
    const exchanges = await all(port, from, from + (MEASURED_MILLIS - 2_000) * 1_000);
    report(exchanges, shown);
  } finally {
    await browser.close();
    await estate.stop();
  }
}

async function all(port: number, from: number, to: number): Promise<Exchange[]> {
  const exchanges: Exchange[] = [];
  let cursor: string | null = null;
  do {
    const query: string = `from=${from}&to=${to}&limit=1000${cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`}`;
    const response = await fetch(`http://127.0.0.1:${port}/api/v1/exchanges?${query}`);
    if (!response.ok) throw new Error(`exchanges: ${response.status} ${await response.text()}`);
    const page = (await response.json()) as Exchanges;
    exchanges.push(...page.exchanges);
    cursor = page.cursor;
  } while (cursor !== null);
  return exchanges;
}

function report(exchanges: readonly Exchange[], shown: ReadonlyMap<string, number>): void {
  const lateness = (part: string, stampOf: (exchange: Exchange) => number | null): number[] =>
    exchanges.flatMap((exchange) => {
      const stamp = stampOf(exchange);
      const frame = shown.get(`${exchange.id} ${part}`);
      return stamp === null || frame === undefined ? [] : [(frame - stamp) / 1_000];
    });
  const requests = lateness('request', (exchange) => exchange.requestSent ?? exchange.requestReceived);
  const replies = lateness('reply', (exchange) => exchange.replySent ?? exchange.replyReceived);
  const leaving = lateness('replyLeaves', (exchange) => exchange.replySent ?? exchange.replyReceived);
  const withReply = exchanges.filter((exchange) => exchange.replySent !== null || exchange.replyReceived !== null);
  const ms = 'ms';
  print(atMost('live', 'request to its dot, p95', quantileOf(requests, 0.95), ms, 250));
  print(atMost('live', 'request to its dot, p99', quantileOf(requests, 0.99), ms, 500));
  print(atMost('live', 'reply to its dot, p95', quantileOf(replies, 0.95), ms, 250));
  print(atMost('live', 'reply to its dot, p99', quantileOf(replies, 0.99), ms, 500));
  print(
    atMost(
      'live',
      'reply to its dot leaving by the dot rule (request lands first), p95',
      quantileOf(leaving, 0.95),
      ms,
      null,
    ),
  );
  print(atMost('live', 'requests whose dot was never shown', exchanges.length - requests.length, 'messages', null));
  print(atMost('live', 'replies whose dot was never shown', withReply.length - replies.length, 'messages', null));
  print(atMost('live', 'exchanges measured', exchanges.length, 'exchanges', null));
}

import type { Exchange } from '@soa-monitor/protocol';

/** One JSON document to the line. */
export async function* linesOf(pages: AsyncIterable<readonly Exchange[]>): AsyncGenerator<string> {
  for await (const page of pages) yield page.map((exchange) => `${JSON.stringify(exchange)}\n`).join('');
}

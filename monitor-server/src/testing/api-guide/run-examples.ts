import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Exchanges, Topology } from '@soa-monitor/protocol';
import { openStore } from '../../store/open-store.ts';
import { createManualClock } from '../manual-clock.ts';
import { startServer } from '../start-server.ts';
import { exampleReports, NOON } from './example-estate.ts';
import { type Example, examples } from './examples.ts';

export interface RunExample {
  readonly example: Example;
  readonly status: number;
  readonly mediaType: string;
  readonly text: string;
}

export interface Run {
  /** The text of GET /api/openapi.json. */
  readonly openApi: string;
  /** The first report as it was sent, and the answer. */
  readonly report: { readonly sent: string; readonly status: number; readonly text: string };
  readonly refusedReport: { readonly status: number; readonly text: string };
  readonly examples: readonly RunExample[];
}

/** A monitor of its own, at a noon that stands still, is sent the example's reports and asked each example. */
export async function runExamples(): Promise<Run> {
  const folder = mkdtempSync(join(tmpdir(), 'soa-monitor-guide-'));
  const store = await openStore({ path: join(folder, 'monitor.sqlite'), clock: () => NOON });
  const { server, url, send } = await startServer(store, {}, { clock: createManualClock(NOON) });
  try {
    const sent = exampleReports().map((report) => JSON.stringify(report));
    const answers: Response[] = [];
    for (const text of sent) answers.push(await send(text));
    const refused = await send(sent[0] ?? '', { Authorization: 'Bearer not-the-key-of-this-monitor' });
    // Long after all halves have met: who waits for a parent or another half waits no more.
    await store.settle(NOON, 0, 3_600_000_000);
    const ask = async <Answer>(path: string): Promise<Answer> => {
      const answer: Answer = JSON.parse(await (await fetch(`${url}/api/v1${path}`)).text());
      return answer;
    };
    const window = `from=${NOON - 300_000_000}&to=${NOON}`;
    const { nodes, links } = await ask<Topology>(`/topology?${window}&level=server`);
    const { exchanges } = await ask<Exchanges>(`/exchanges?${window}&outcome=fault`);
    const [fault] = exchanges;
    const found = {
      node: nodes.find(({ name }) => name === 'bank')?.id ?? '',
      link: links[0]?.id ?? '',
      exchange: fault?.id ?? '',
      transaction: fault?.transaction ?? '',
    };
    const run: RunExample[] = [];
    for (const example of examples(found)) {
      const { method, path, body } = example;
      const answer = await fetch(`${url}/api/v1${path}`, {
        method,
        ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } }),
      });
      const mediaType = answer.headers.get('content-type') ?? '';
      run.push({ example, status: answer.status, mediaType, text: await answer.text() });
    }
    return {
      openApi: await (await fetch(`${url}/api/openapi.json`)).text(),
      report: { sent: sent[0] ?? '', status: answers[0]?.status ?? 0, text: (await answers[0]?.text()) ?? '' },
      refusedReport: { status: refused.status, text: await refused.text() },
      examples: run,
    };
  } finally {
    await server.close();
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

import { setTimeout as wait } from 'node:timers/promises';
import type { Accounting, Exchange, Exchanges, Topology } from '@soa-monitor/protocol';
import type { FakeEstate } from './fake-estate.ts';

/** Halves are shown alone when they have waited for two seconds, or twenty where the other one is bound to come. */
const SETTLED_MILLIS = 40_000;
const LOOK_MILLIS = 200;

/** What a running monitor, that has been sent everything, says otherwise than it was. Waits until it has settled. */
export async function audit(url: string, estate: FakeEstate, window: { readonly from: number; readonly to: number }) {
  const until = performance.now() + SETTLED_MILLIS;
  for (;;) {
    const findings = await look(url, estate, window);
    if (findings.length === 0 || performance.now() > until) return findings;
    await wait(LOOK_MILLIS);
  }
}

async function look(url: string, estate: FakeEstate, { from, to }: { readonly from: number; readonly to: number }) {
  const findings: string[] = [];
  const exchanges = await allExchanges(url, `from=${from}&to=${to}`);
  const seen = new Map<number, Exchange>();
  for (const exchange of exchanges) {
    if (seen.has(exchange.requestBytes)) findings.push(`exchange ${exchange.requestBytes} is there twice`);
    seen.set(exchange.requestBytes, exchange);
  }
  for (const [number, { halves, outcome }] of estate.expected) {
    const found = seen.get(number);
    if (found === undefined) findings.push(`exchange ${number} (${halves}) is not there`);
    else if (found.halves !== halves || found.outcome !== outcome)
      findings.push(`exchange ${number} is ${found.halves}, ${found.outcome}; it was ${halves}, ${outcome}`);
  }
  if (exchanges.length !== estate.expected.size)
    findings.push(`${exchanges.length} exchanges are there of ${estate.expected.size}`);
  const topology: Topology = await ask(url, `/api/v1/topology?level=endpoint&from=${from}&to=${to}`);
  const counted = topology.links.reduce((sum, { count }) => sum + count, 0);
  if (counted !== estate.expected.size) findings.push(`the links count ${counted} of ${estate.expected.size}`);
  const accounting: Accounting = await ask(url, '/api/v1/accounting');
  if (accounting.stored !== estate.rows) findings.push(`${accounting.stored} rows are stored of ${estate.rows}`);
  if (accounting.difference !== 0) findings.push(`the accounting differs by ${accounting.difference}`);
  return findings;
}

async function allExchanges(url: string, window: string): Promise<Exchange[]> {
  const found: Exchange[] = [];
  let cursor: string | null = null;
  do {
    const after: string = cursor === null ? '' : `&cursor=${cursor}`;
    const page: Exchanges = await ask(url, `/api/v1/exchanges?${window}&limit=1000${after}`);
    found.push(...page.exchanges);
    cursor = page.cursor;
  } while (cursor !== null);
  return found;
}

export async function ask<Answer>(url: string, path: string): Promise<Answer> {
  const answer = await fetch(url + path);
  const body: Answer = JSON.parse(await answer.text());
  if (!answer.ok) throw new Error(`${path} was answered with ${answer.status}: ${JSON.stringify(body)}`);
  return body;
}

import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Accounting, Exchange, Node, Nodes } from '@soa-monitor/protocol';

/** Calls by "name outcome", where name is the calling process. */
export type Counts = Map<string, number>;

/** What each calling process of the sample counted of its own calls (its `--tally` files). */
export async function ownCounts(tally: string): Promise<Counts> {
  const counts: Counts = new Map();
  for (const file of await readdir(tally)) {
    if (!file.endsWith('.json')) continue;
    const { name, calls } = JSON.parse(await readFile(join(tally, file), 'utf8')) as Tally;
    for (const { outcomes } of calls) {
      for (const [outcome, count] of Object.entries(outcomes)) add(counts, `${name} ${outcome}`, count);
    }
  }
  return counts;
}

interface Tally {
  readonly name: string;
  readonly calls: readonly { readonly outcomes: { readonly [outcome: string]: number } }[];
}

export interface StoredCounts {
  readonly counts: Counts;
  /** Exchanges between two monitored processes, with a connection, that have only one half. */
  readonly oneSided: number;
  readonly accounting: Accounting;
}

/** What the monitor kept of the last hour, by the process that each exchange came from. */
export async function storedCounts(monitor: string): Promise<StoredCounts> {
  const { nodes } = await ask<Nodes>(monitor, 'nodes?limit=1000');
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const processOf = (id: string): Node | undefined => {
    const node = byId.get(id);
    return node?.kind === 'endpoint' && node.parent !== null ? byId.get(node.parent) : node;
  };
  const counts: Counts = new Map();
  let oneSided = 0;
  for (const exchange of await allExchanges(monitor)) {
    const source = processOf(exchange.source);
    // The one client without an interceptor is known by its address only.
    const isMonitored = source?.monitored === true;
    add(counts, `${isMonitored ? source.name : 'partner'} ${exchange.outcome}`, 1);
    const hasTwoSides = isMonitored && byId.get(exchange.target)?.monitored === true && exchange.outcome !== 'refused';
    if (hasTwoSides && exchange.halves !== 'both') oneSided += 1;
  }
  return { counts, oneSided, accounting: await ask<Accounting>(monitor, 'accounting') };
}

/** Every exchange of a window (the last hour unless given), by the streamed export. */
export async function allExchanges(monitor: string, window = lastHour()): Promise<Exchange[]> {
  const answer = await fetch(`${monitor}/api/v1/export?format=ndjson&from=${window.from}&to=${window.to}`);
  if (!answer.ok) throw new Error(`export: ${answer.status} ${await answer.text()}`);
  return (await answer.text())
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Exchange);
}

/** The names of which the two counts differ, with both numbers. */
export const differences = (own: Counts, stored: Counts): string[] =>
  [...new Set([...own.keys(), ...stored.keys()])]
    .filter((name) => own.get(name) !== stored.get(name))
    .map((name) => `${name}: its caller counted ${own.get(name) ?? 0}, the store ${stored.get(name) ?? 0}`);

/** Waits until everything that was observed has been stored: no rows under way, and none for so long as a half waits for its other. */
export async function settled(monitor: string, patienceMillis = 30_000): Promise<void> {
  const deadline = Date.now() + patienceMillis;
  let before = -1;
  let since = Date.now();
  while (Date.now() < deadline && Date.now() - since < STILL_MILLIS) {
    const { stored, queued } = await ask<Accounting>(monitor, 'accounting');
    if (stored !== before || queued > 0) since = Date.now();
    before = stored;
    await new Promise((resolve) => setTimeout(resolve, LOOK_MILLIS));
  }
}

const STILL_MILLIS = 2_500;
const LOOK_MILLIS = 250;

export async function ask<Answer>(monitor: string, path: string): Promise<Answer> {
  const answer = await fetch(`${monitor}/api/v1/${path}`);
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as Answer;
}

const lastHour = () => ({ from: (Date.now() - 3_600_000) * 1_000, to: (Date.now() + 60_000) * 1_000 });

const add = (counts: Counts, name: string, count: number): void => {
  counts.set(name, (counts.get(name) ?? 0) + count);
};

import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Accounting, Exchange, Node, Nodes } from '@soa-monitor/protocol';
import { atMost, print } from '../figure.ts';
import { freePorts, root, startProcess } from './processes.ts';

const CALLS = 20_000;
const CALLS_PER_SECOND = 130;
/** How long the monitor may take after the last call until everything is stored and joined. */
const SETTLE_MILLIS = 20_000;

/** Drives calls through the estate; the store must know of each caller's calls what the caller itself counted. */
export async function benchNoCallLost(data: string): Promise<void> {
  const [port = 0, ...services] = await freePorts(4);
  const tally = join(data, 'tally');
  await mkdir(tally, { recursive: true });
  const monitor = startProcess(`${root}scripts/start.mjs`, ['--no-sample', '--port', `${port}`, '--data', data]);
  await monitor.until(/Open http/);
  const key = (await readFile(join(data, 'ingest.key'), 'utf8')).trim();
  const estate = startProcess(`${root}sample-airline-bank/dist/sample.js`, [
    ...['--monitor', `http://127.0.0.1:${port}`, '--key', key, '--data', join(data, 'sample'), '--tally', tally],
    ...['--ports', services.join(','), '--rate', `${CALLS_PER_SECOND}`, '--seed', '1', '--calls', `${CALLS}`],
  ]);
  try {
    await clientsEnded(estate.output, tally);
    await settled(port);
    const own = await ownCounts(tally);
    const stored = await storedCounts(port);
    const differing = [...new Set([...own.keys(), ...stored.counts.keys()])].filter(
      (name) => own.get(name) !== stored.counts.get(name),
    );
    for (const name of differing)
      process.stderr.write(`${name}: caller ${own.get(name)}, store ${stored.counts.get(name)}\n`);
    const calls = [...own.values()].reduce((sum, count) => sum + count, 0);
    print(atMost('live', 'calls counted by their callers', calls, 'calls', null));
    print(atMost('live', 'caller and outcome pairs in which store and caller differ', differing.length, 'pairs', 0));
    print(atMost('live', 'exchanges between monitored processes without both halves', stored.oneSided, 'exchanges', 0));
    print(atMost('live', 'rows dropped or unaccounted for', stored.unaccounted, 'rows', 0));
  } finally {
    await estate.stop();
    await monitor.stop();
  }
}

/** The clients end by themselves when they have made their calls; the airlines' last calls to the bank end with them. */
async function clientsEnded(output: () => string, tally: string): Promise<void> {
  const clients = new Set<string>();
  for (;;) {
    for (const name of await readdir(tally)) clients.add(name.replace('.json', ''));
    const running = [...clients].filter(
      (name) => !SERVICES.has(name) && !new RegExp(`^${name}\\b.*\\bended\\b`, 'm').test(output()),
    );
    if (clients.size > SERVICES.size && running.length === 0) return;
    await pause(500);
  }
}

const SERVICES = new Set(['bank', 'airline-a', 'airline-b']);

async function settled(port: number): Promise<void> {
  const deadline = Date.now() + SETTLE_MILLIS;
  let before = -1;
  while (Date.now() < deadline) {
    const { stored, inTransit, queued } = await accountingOf(port);
    if (stored === before && queued === 0 && inTransit === 0) return;
    before = stored;
    await pause(3_000);
  }
}

/** "name outcome" → calls, as each calling process counted them. */
async function ownCounts(tally: string): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  for (const file of await readdir(tally)) {
    if (!file.endsWith('.json')) continue;
    const { name, calls } = JSON.parse(await readFile(join(tally, file), 'utf8')) as {
      name: string;
      calls: { outcomes: { [outcome: string]: number } }[];
    };
    for (const { outcomes } of calls) {
      for (const [outcome, count] of Object.entries(outcomes)) add(counts, `${name} ${outcome}`, count);
    }
  }
  return counts;
}

/** The same of the store, by the name of the node that each exchange came from. */
async function storedCounts(port: number) {
  const { nodes } = (await ask(port, 'nodes?limit=1000')) as Nodes;
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const processOf = (id: string): Node | undefined => {
    const node = byId.get(id);
    return node?.kind === 'endpoint' && node.parent !== null ? byId.get(node.parent) : node;
  };
  const counts = new Map<string, number>();
  let oneSided = 0;
  const from = (Date.now() - 3_600_000) * 1_000;
  const lines = await fetch(
    `http://127.0.0.1:${port}/api/v1/export?format=ndjson&from=${from}&to=${Date.now() * 1_000}`,
  );
  for (const line of (await lines.text()).split('\n')) {
    if (line === '') continue;
    const exchange = JSON.parse(line) as Exchange;
    const source = processOf(exchange.source);
    // The one client without an interceptor is known by its address only.
    const name = source?.monitored === true ? source.name : 'partner';
    add(counts, `${name} ${exchange.outcome}`, 1);
    const wasConnected = exchange.outcome !== 'refused';
    const bothReport = source?.monitored === true && byId.get(exchange.target)?.monitored === true;
    if (bothReport && wasConnected && exchange.halves !== 'both') oneSided += 1;
  }
  const accounting = await accountingOf(port);
  return { counts, oneSided, unaccounted: accounting.dropped + Math.abs(accounting.difference) };
}

const accountingOf = async (port: number): Promise<Accounting> => (await ask(port, 'accounting')) as Accounting;

async function ask(port: number, path: string): Promise<unknown> {
  const response = await fetch(`http://127.0.0.1:${port}/api/v1/${path}`);
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return response.json();
}

const add = (counts: Map<string, number>, name: string, count: number): void => {
  counts.set(name, (counts.get(name) ?? 0) + count);
};

const pause = (millis: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, millis));

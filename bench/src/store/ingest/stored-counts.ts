import { setTimeout as after } from 'node:timers/promises';
import type { Accounting, Topology } from '@soa-monitor/protocol';
import type { Child } from '../../child.ts';
import type { LoadWish, Prepared } from '../load/load-wish.ts';
import type { Subject } from './rounds.ts';

/** Made less stored: above 0 lost, below 0 stored twice. */
export interface Missing {
  readonly observations: number;
  readonly exchanges: number;
}

/** Halves wait for so long at most before they are shown. */
const SETTLED_MILLIS = 5_000;

/** Every row is stored once, and every two halves have become one exchange that is counted once. */
export async function missingAtMonitor(load: Child, { run, server, rowsPerReport }: Subject, from: number) {
  const made = await madeBy(load, run, rowsPerReport);
  await after(SETTLED_MILLIS);
  const { stored }: Accounting = await ask(`${server.url}/api/v1/accounting`);
  const to = Date.now() * 1_000 + 600_000_000;
  const topology: Topology = await ask(`${server.url}/api/v1/topology?from=${from - 60_000_000}&to=${to}`);
  const counted = topology.links.reduce((sum, { count }) => sum + count, 0);
  return { observations: made.observations - stored, exchanges: made.exchanges - counted };
}

export async function missingAtPeer(load: Child, { run, server, rowsPerReport }: Subject): Promise<Missing> {
  const made = await madeBy(load, run, rowsPerReport);
  const stored: { observations: number; counted: number } = await ask(`${server.url}/counts`);
  return { observations: made.observations - stored.observations, exchanges: made.exchanges - stored.counted };
}

async function madeBy(load: Child, run: string, rowsPerReport: number): Promise<Missing> {
  const nothing: LoadWish = { kind: 'prepare', run, observations: 0, rowsPerReport, observationsPerSecond: 1 };
  const { observationsInAll, exchangesInAll } = await load.ask<Prepared>(nothing);
  return { observations: observationsInAll, exchanges: exchangesInAll };
}

const ask = async <Answer>(url: string): Promise<Answer> => {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`${answer.status} from ${url}`);
  // The shape is the product's own, or the peer's.
  return (await answer.json()) as Answer;
};

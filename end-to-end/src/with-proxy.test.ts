import type { Exchange, NodeProcesses, Nodes, Topology } from '@soa-monitor/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allExchanges, ask } from './driver/counts.ts';
import { type Estate, startEstate } from './driver/estate.ts';

const RATE = 20;
const PATIENCE = { timeout: 60_000, interval: 500 };
/** Three clients that report and one that does not, to three services; both airlines to the bank. */
const LINKS = 14;

/** Nodes with their states, and links, by name at server level. */
async function mapOf({ url }: Estate): Promise<readonly string[]> {
  const { nodes, links } = await ask<Topology>(url, 'topology?level=server');
  const names = new Map(nodes.map(({ id, name }) => [id, name]));
  return [
    ...nodes.map(({ kind, name, monitored, state }) => `${kind} ${name} ${monitored} ${state?.state ?? 'no state'}`),
    ...links.map(({ source, target }) => `${names.get(source)} → ${names.get(target)}`),
  ].sort();
}

const linksIn = (map: readonly string[]): number => map.filter((line) => line.includes('→')).length;

describe('the sample estate with a proxy before airline B', () => {
  let ordinary: Estate;
  let estate: Estate;

  beforeAll(async () => {
    // One by one, for two that look for free ports at once could find the same. Then both fill their maps together.
    ordinary = await startEstate({ rate: RATE });
    estate = await startEstate({ rate: RATE, withProxy: true, pingIntervalMillis: 2_000 });
  });
  afterAll(async () => {
    await Promise.all([ordinary?.close(), estate?.close()]);
  });

  const airlineB = async () => {
    const { nodes } = await ask<Nodes>(estate.url, 'nodes');
    const node = nodes.find(({ kind, name }) => kind === 'server' && name === 'airline-b');
    if (node === undefined) throw new Error('airline-b is not in the register');
    return node;
  };

  it('has the same map: nodes, states and links', async () => {
    let wanted: readonly string[] = [];
    const isWhole = async () => {
      wanted = await mapOf(ordinary);
      return linksIn(wanted) === LINKS && wanted.every((line) => /→| up$| no state$/.test(line));
    };
    await expect.poll(isWhole, PATIENCE).toBe(true);
    await ordinary.close();
    await expect.poll(() => mapOf(estate), PATIENCE).toEqual(wanted);
  });

  it('runs airline B without an interceptor: the proxy alone reports in its name', async () => {
    const { processes } = await ask<NodeProcesses>(estate.url, `nodes/${(await airlineB()).id}/processes`);
    expect(processes).toMatchObject([
      { pid: estate.pidOf('proxy'), stack: expect.stringContaining('soa-monitor-proxy') },
    ]);
    expect(processes[0]?.listeners).toMatchObject([{ behind: { state: 'up' } }]);
  });

  it('joins the calls to airline B and those of airline B to the bank', async () => {
    const { nodes } = await ask<Nodes>(estate.url, 'nodes');
    const monitored = new Set(nodes.flatMap(({ id, monitored: isMonitored }) => (isMonitored ? [id] : [])));
    const isOfAirlineB = (name: string) => name.startsWith('airline-b');
    let calls: readonly Exchange[] = [];
    const isEnough = async () => {
      // What began in the last seconds may still wait for its other half.
      const to = (Date.now() - 5_000) * 1_000;
      const exchanges = await allExchanges(estate.url, { from: to - 300_000_000, to });
      calls = exchanges.filter(({ source, target }) => monitored.has(source) && monitored.has(target));
      calls = calls.filter(({ sourceName, targetName }) => isOfAirlineB(sourceName) || isOfAirlineB(targetName));
      return calls.length > 10 && calls.some(({ sourceName }) => isOfAirlineB(sourceName));
    };
    await expect.poll(isEnough, PATIENCE).toBe(true);
    expect(calls.filter(({ halves }) => halves !== 'both')).toEqual([]);
  });

  it('turns airline B down when it dies behind the living proxy, and up when it is back', async () => {
    process.kill(estate.pidOf('airline-b'), 'SIGKILL');
    await expect.poll(async () => (await airlineB()).state?.state, PATIENCE).toBe('down');
    expect((await airlineB()).state?.reason).toMatch(
      /the service behind the proxy does not answer \(127\.0\.0\.1:\d+ refuses connections\); the proxy itself answers/,
    );
    await estate.revive('airline-b');
    await expect.poll(async () => (await airlineB()).state?.state, PATIENCE).toBe('up');
  });

  it('turns airline B down when the proxy dies, in the proxy’s own words', async () => {
    process.kill(estate.pidOf('proxy'), 'SIGKILL');
    await expect.poll(async () => (await airlineB()).state?.state, PATIENCE).toBe('down');
    expect((await airlineB()).state?.reason).toMatch(/refuses the connection/);
    await estate.revive('proxy');
    await expect.poll(async () => (await airlineB()).state?.state, PATIENCE).toBe('up');
  });
});

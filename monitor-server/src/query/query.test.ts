import {
  accountingSchema,
  compareSchema,
  decodeReplayPage,
  type Exchanges,
  exchangeDetailSchema,
  exchangesSchema,
  linksSchema,
  type Nodes,
  nodeProcessesSchema,
  nodeSchema,
  nodesSchema,
  type Problem,
  pictureSchema,
  problemSchema,
  REPLAY_MEDIA_TYPE,
  type Replay,
  type ReplayPage,
  replaySchema,
  type Schema,
  statesSchema,
  type Topology,
  topologySchema,
  trafficSchema,
  transactionSchema,
  type View,
  viewSchema,
} from '@soa-monitor/protocol';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { io } from 'socket.io-client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bodyOf } from '../testing/body-of.ts';
import { serverRow, wireReport } from '../testing/reports.ts';
import { startServer } from '../testing/start-server.ts';
import { temporaryStore } from '../testing/temporary-store.ts';

interface OpenApi {
  openapi: string;
  paths: Record<string, Record<string, Operation>>;
}
interface Operation {
  parameters?: { name: string }[];
  responses: Record<string, { content: Record<string, { schema: Schema }> }>;
}

const ajv = new Ajv2020({ allErrors: true, strict: false });
let kept: Awaited<ReturnType<typeof temporaryStore>>;
let running: Awaited<ReturnType<typeof startServer>>;
let ids: { exchange: string; transaction: string; node: string };

const at = Math.floor(Date.now() / 1_000) * 1_000_000 - 10_000_000;
const window = `from=${at - 60_000_000}&to=${at + 60_000_000}`;

beforeAll(async () => {
  kept = await temporaryStore();
  running = await startServer(kept.store);
  const rows = Array.from({ length: 30 }, (_, i) => serverRow(i + 1, at + i * 1_000, i % 10 === 0 ? 4 : 7));
  const calls = [
    { path: '/bank', operation: { namespace: 'urn:bank', name: 'getBalance' }, soapVersion: '1.1' as const },
  ];
  const answer = await running.send(
    JSON.stringify(wireReport({ rows, calls, listeners: [{ address: '127.0.0.1', port: 9, tls: false }] })),
  );
  expect(await answer.json()).toMatchObject({ acknowledged: 30, refused: [] });
  await kept.store.settle(Date.now() * 1_000 + 60_000_000, 0, 600_000_000);
  const { exchanges } = await bodyOf<Exchanges>(await fetch(`${running.url}/api/v1/exchanges?${window}&limit=1`));
  const { nodes } = await bodyOf<Nodes>(await fetch(`${running.url}/api/v1/nodes`));
  ids = {
    exchange: exchanges[0]?.id ?? '',
    transaction: exchanges[0]?.transaction ?? '',
    node: nodes.find(({ kind }) => kind === 'server')?.id ?? '',
  };
});
afterAll(async () => {
  await running?.server.close();
  await kept?.remove();
});

const get = (path: string, init: RequestInit = {}): Promise<Response> => fetch(`${running.url}${path}`, init);
function conforms(schema: Schema, value: unknown): void {
  const validate = ajv.compile(schema);
  validate(value);
  expect(validate.errors ?? []).toEqual([]);
}

describe('a replay in columns', () => {
  const columns = { headers: { Accept: `${REPLAY_MEDIA_TYPE}, application/json;q=0.5` } };
  const pageOf = async (path: string, init: RequestInit = columns): Promise<ReplayPage> => {
    const answer = await get(`/api/v1/replay?${path}`, init);
    expect(answer.headers.get('content-type')).toBe(REPLAY_MEDIA_TYPE);
    const decoded = decodeReplayPage(new Uint8Array(await answer.arrayBuffer()));
    if (decoded.kind === 'damaged') throw new Error(decoded.reason);
    return decoded.page;
  };

  test.each([1, 16])('says page for page what the JSON form says, 1 in %d', async (sample) => {
    for (let cursor: string | null = '', pages = 0; cursor !== null; pages++) {
      expect(pages).toBeLessThan(10);
      const asked = `${window}&limit=7&sample=${sample}${cursor === '' ? '' : `&cursor=${cursor}`}`;
      const json = await bodyOf<Replay>(await get(`/api/v1/replay?${asked}`));
      const page = await pageOf(`${asked}&ids=true`);
      const { exchanges, cells, cursor: next, window: of, estate } = page;
      expect({ ...json, feed: { exchanges, cells, gone: [], ...(estate as object) } }).toEqual(json);
      expect({ cursor: next, window: of, sample: page.sample }).toEqual({
        cursor: json.cursor,
        window: json.window,
        sample,
      });
      cursor = next;
    }
  });

  test('carries no ids unless asked, and comes compressed only to those who take it', async () => {
    const { exchanges } = await pageOf(window);
    expect(exchanges.map(([id]) => id)).toEqual(Array.from({ length: 30 }, (_, row) => `~${row}`));
    const plain = await get(`/api/v1/replay?${window}`, {
      headers: { ...columns.headers, 'Accept-Encoding': 'gzip;q=0' },
    });
    expect(plain.headers.get('content-encoding')).toBeNull();
  });

  test('is not given to those who refuse it', async () => {
    const answer = await get(`/api/v1/replay?${window}`, { headers: { Accept: `${REPLAY_MEDIA_TYPE};q=0, */*` } });
    expect(answer.headers.get('content-type')).toBe('application/json');
  });
});

describe('every route answers by its schema', () => {
  test.each<[string, () => string, Schema]>([
    ['topology', () => `/topology?${window}`, topologySchema],
    ['topology by machine', () => `/topology?${window}&level=machine`, topologySchema],
    ['topology by server', () => `/topology?${window}&level=server`, topologySchema],
    ['topology by operation', () => `/topology?${window}&level=operation`, topologySchema],
    ['topology of the last 15 minutes', () => '/topology', topologySchema],
    ['traffic', () => `/traffic?${window}&step=1s`, trafficSchema],
    ['traffic with sketches', () => `/traffic?${window}&latency=true`, trafficSchema],
    ['the state changes of a window', () => `/states?${window}&limit=5`, statesSchema],
    [
      'traffic of a node and operation',
      () => `/traffic?${window}&node=${ids.node}&operation=getBalance`,
      trafficSchema,
    ],
    ['exchanges', () => `/exchanges?${window}&limit=5`, exchangesSchema],
    ['faults', () => `/exchanges?${window}&outcome=fault&minDuration=1ms&fault=Client&text=BANK`, exchangesSchema],
    [
      'exchanges by all that is asked',
      () => `/exchanges?${window}&outcome=fault,ok&maxDuration=1h&side=server&order=oldest&limit=3&node=${ids.node}`,
      exchangesSchema,
    ],
    ['links', () => '/links?limit=10', linksSchema],
    ['exchange', () => `/exchanges/${ids.exchange}`, exchangeDetailSchema],
    ['transaction', () => `/transactions/${ids.transaction}`, transactionSchema],
    ['replay', () => `/replay?${window}&limit=10&sample=1`, replaySchema],
    ['picture', () => `/replay?at=${at + 20_000_000}`, pictureSchema],
    ['compare', () => `/compare?${window}&from2=${at - 600_000_000}&to2=${at - 60_000_000}`, compareSchema],
    ['nodes', () => '/nodes?limit=10', nodesSchema],
    ['node', () => `/nodes/${ids.node}`, nodeSchema],
    ['states', () => `/nodes/${ids.node}/states`, statesSchema],
    ['the processes of a node', () => `/nodes/${ids.node}/processes`, nodeProcessesSchema],
    ['accounting', () => '/accounting', accountingSchema],
  ])('%s', async (_name, path, schema) => {
    const answer = await get(`/api/v1${path()}`);
    const body = await answer.json();
    expect({ status: answer.status, body }).toMatchObject({ status: 200 });
    expect(answer.headers.get('content-type')).toBe('application/json');
    conforms(schema, body);
  });

  test('and the answers are about what was reported', async () => {
    const topology = await bodyOf<Topology>(await get(`/api/v1/topology?${window}`));
    expect(topology.links.reduce((sum, { count }) => sum + count, 0)).toBe(30);
    const { exchanges, cursor } = await bodyOf<Exchanges>(await get(`/api/v1/exchanges?${window}&limit=5`));
    expect(exchanges).toHaveLength(5);
    const rest = await bodyOf<Exchanges>(
      await get(`/api/v1/exchanges?${window}&limit=100&cursor=${encodeURIComponent(cursor ?? '')}`),
    );
    expect(rest.exchanges).toHaveLength(25);
    const iso = `from=${new Date((at - 60_000_000) / 1_000).toISOString()}&to=${new Date((at + 60_000_000) / 1_000).toISOString()}`;
    expect((await bodyOf<Topology>(await get(`/api/v1/topology?${iso}`))).links).toEqual(topology.links);
  });
});

describe('every error is a problem document', () => {
  test.each<[string, string, number]>([
    ['an unknown path', '/api/v1/nothing', 404],
    ['an unknown exchange', '/api/v1/exchanges/aaaa', 404],
    ['an unknown transaction', '/api/v1/transactions/aaaa', 404],
    ['an unknown node', '/api/v1/nodes/aaaa', 404],
    ["an unknown node's states", '/api/v1/nodes/aaaa/states', 404],
    ["an unknown node's processes", '/api/v1/nodes/aaaa/processes', 404],
    ['a path that cannot be decoded', '/api/v1/nodes/%E0%A4%A', 400],
    ['an id that is none', '/api/v1/exchanges/%3Cscript%3E', 400],
    ['a window backwards', '/api/v1/topology?from=5&to=4', 400],
    ['no time', '/api/v1/topology?from=yesterday', 400],
    ['an absurd time', '/api/v1/topology?to=9999999999999999', 400],
    ['an unknown level', '/api/v1/topology?level=galaxy', 400],
    ['a level twice', '/api/v1/topology?level=server&level=machine', 400],
    ['an unknown parameter', '/api/v1/topology?form=5', 400],
    ['a limit too high', '/api/v1/exchanges?limit=1001', 400],
    ['a limit of 0', '/api/v1/exchanges?limit=0', 400],
    ['an unknown outcome', '/api/v1/exchanges?outcome=great', 400],
    ['an unknown outcome among others', '/api/v1/exchanges?outcome=ok,great', 400],
    ['unknown evidence', '/api/v1/exchanges?evidence=hearsay', 400],
    ['a cursor of nobody in the links', '/api/v1/links?cursor=x', 400],
    ['too many buckets', '/api/v1/traffic?step=1', 400],
    ['an unknown format', '/api/v1/export?format=xlsx', 400],
    ['a cursor of nobody', '/api/v1/exchanges?cursor=%7Bnonsense', 400],
    ['a cursor of nobody in a replay', '/api/v1/replay?cursor=zzz', 400],
    ['a cursor of nobody in the register', '/api/v1/nodes?cursor=%00', 400],
  ])('%s', async (_name, path, status) => {
    const answer = await get(path);
    const body = await bodyOf<Problem>(answer);
    expect({ status: answer.status, body }).toMatchObject({ status });
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    conforms(problemSchema, body);
    expect(body.status).toBe(status);
    expect(JSON.stringify(body)).not.toMatch(/\bat \w+.*\.[jt]s:\d+/);
  });

  test('another method is told which are taken', async () => {
    for (const [path, allow] of [
      ['/api/v1/topology', 'GET, HEAD'],
      ['/api/v1/views/main', 'GET, HEAD, PUT'],
      ['/api/openapi.json', 'GET, HEAD'],
    ]) {
      const answer = await get(path ?? '', { method: 'DELETE' });
      expect([answer.status, answer.headers.get('allow')]).toEqual([405, allow]);
      conforms(problemSchema, await answer.json());
    }
  });
});

describe('views', () => {
  test('are empty until something is kept in them', async () => {
    const answer = await get('/api/v1/views/untouched');
    expect(answer.status).toBe(200);
    expect(await bodyOf<View>(answer)).toEqual({ nodes: {}, settings: {} });
  });

  const put = (view: unknown, headers = {}) =>
    get('/api/v1/views/main', {
      method: 'PUT',
      headers: { 'Content-Type': 'application/json', ...headers },
      body: JSON.stringify(view),
    });
  const place = { x: 1.5, y: -2, pinned: true, charge: -30 };

  test('are kept, compared by their tag, and changed node by node', async () => {
    const first = await put({ nodes: { a: place }, settings: { dark: true } });
    expect(first.status).toBe(200);
    const etag = first.headers.get('etag') ?? '';
    expect(etag).toMatch(/^"[^"]+"$/);
    const got = await get('/api/v1/views/main');
    conforms(viewSchema, await got.json());
    expect(got.headers.get('etag')).toBe(etag);
    expect((await get('/api/v1/views/main', { headers: { 'If-None-Match': etag } })).status).toBe(304);

    const patched = await get('/api/v1/views/main/nodes/b', {
      method: 'PATCH',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ x: 0, y: 0, pinned: false }),
    });
    expect(patched.status).toBe(200);
    expect((await put({ nodes: {}, settings: {} }, { 'If-Match': etag })).status).toBe(412);
    expect(Object.keys((await bodyOf<View>(await get('/api/v1/views/main'))).nodes)).toEqual(['a', 'b']);
    const removed = await get('/api/v1/views/main/nodes/a', {
      method: 'PATCH',
      headers: { 'Content-Type': 'application/json' },
      body: 'null',
    });
    expect(removed.status).toBe(200);
    expect((await put({ nodes: {}, settings: {} }, { 'If-Match': removed.headers.get('etag') ?? '' })).status).toBe(
      200,
    );
    expect((await put({ nodes: {}, settings: {} }, { 'If-Match': '*' })).status).toBe(200);
  });

  test('tell every viewer that they were changed', async () => {
    const viewer = io(`${running.url}/live`, { transports: ['websocket'], forceNew: true, reconnection: false });
    await new Promise<void>((resolve) => viewer.once('connect', () => resolve()));
    const told = new Promise((resolve) => viewer.once('view', resolve));
    await get('/api/v1/views/other/nodes/b', {
      method: 'PATCH',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ x: 0, y: 0, pinned: false }),
    });
    expect(await told).toBe('other');
    viewer.disconnect();
  });

  test('that are none are refused, and so is what no page of another site needs a preflight for', async () => {
    for (const bad of [
      [],
      7,
      { nodes: {} },
      { nodes: { a: { x: '1', y: 0, pinned: true } }, settings: {} },
      { nodes: { a: { ...place, charge: 1e9 } }, settings: {} },
      { nodes: {}, settings: { a: {} } },
      { nodes: {}, settings: {}, more: 1 },
    ]) {
      const answer = await put(bad);
      expect(answer.status).toBe(400);
      conforms(problemSchema, await answer.json());
    }
    expect((await put({ nodes: {}, settings: {} }, { 'Content-Type': 'text/plain' })).status).toBe(415);
    const large = await get('/api/v1/views/main/nodes/a', {
      method: 'PATCH',
      headers: { 'Content-Type': 'application/json' },
      body: ' '.repeat(5_000),
    });
    expect(large.status).toBe(413);
  });
});

describe('openapi.json', () => {
  test('names every route with its parameters and schemas', async () => {
    const document = await bodyOf<OpenApi>(await get('/api/openapi.json'));
    expect(document.openapi).toBe('3.1.0');
    expect(Object.keys(document.paths)).toEqual(
      expect.arrayContaining(['/api/v1/reports', '/api/v1/nodes/{id}/states', '/api/v1/views/{id}/nodes/{node}']),
    );
    const parameters = document.paths['/api/v1/exchanges']?.get?.parameters ?? [];
    expect(parameters.map(({ name }) => name)).toEqual([
      'cursor',
      'limit',
      'from',
      'to',
      'node',
      'link',
      'operation',
      'outcome',
      'minDuration',
      'maxDuration',
      'fault',
      'text',
      'side',
      'evidence',
      'order',
    ]);
    for (const path of Object.values(document.paths)) {
      for (const operation of Object.values(path)) {
        for (const { schema } of Object.values(operation.responses['200']?.content ?? {})) ajv.compile(schema);
      }
    }
  });
});

describe('probes', () => {
  test('say that the server lives, is ready, and what it counted', async () => {
    expect(await (await get('/healthz')).text()).toBe('ok\n');
    expect(await (await get('/readyz')).text()).toBe('ready\n');
    const metrics = await (await get('/metrics')).text();
    expect(metrics).toContain('soa_monitor_reports_total{result="202"} 1');
    expect(metrics).toContain('soa_monitor_rows_total{result="acknowledged"} 30');
    expect(metrics).toContain('soa_monitor_accounting_rows{kind="stored"} 30');
  });
});

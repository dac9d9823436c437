import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { connect } from 'node:net';
import { type Exchange, exchangesSchema, type Problem, type WireRow } from '@soa-monitor/protocol';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { parquetReadObjects } from 'hyparquet';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Store } from '../store/store.ts';
import { bodyOf } from '../testing/body-of.ts';
import { createMemoryStore } from '../testing/memory-store.ts';
import { serverRow, wireReport } from '../testing/reports.ts';
import { startServer } from '../testing/start-server.ts';
import { temporaryStore } from '../testing/temporary-store.ts';

/** A whole minute, so that the calls of 30 ms are in one step. */
const at = Math.floor(Date.now() / 60_000) * 60_000_000 - 120_000_000;
const window = `from=${at - 60_000_000}&to=${at + 60_000_000}`;
const requestBody = { text: '<pay/>', bytes: 6, truncated: false, redacted: 0, rules: 'default 1' };
let kept: Awaited<ReturnType<typeof temporaryStore>>;
let running: Awaited<ReturnType<typeof startServer>>;

beforeAll(async () => {
  kept = await temporaryStore();
  running = await startServer(kept.store);
  const rows = Array.from({ length: 30 }, (_, i) => serverRow(i + 1, at + i * 1_000, i % 10 === 0 ? 4 : 7));
  const captured = [...serverRow(31, at + 40_000), { requestBody }] as unknown as WireRow;
  const answer = await running.send(
    JSON.stringify(
      wireReport({ rows: [...rows, captured], listeners: [{ address: '127.0.0.1', port: 9, tls: false }] }),
    ),
  );
  expect(await answer.json()).toMatchObject({ acknowledged: 31, refused: [] });
  await kept.store.settle(Date.now() * 1_000 + 60_000_000, 0, 600_000_000);
});
afterAll(async () => {
  await running?.server.close();
  await kept?.remove();
});

const get = (path: string, init: RequestInit = {}) => fetch(`${running.url}/api/v1/export?${path}`, init);
const linesOf = async (path: string) =>
  (await (await get(`${path}&format=ndjson`)).text())
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

/** With its trailers, which fetch does not show. */
async function whole(url: string): Promise<{ answer: IncomingMessage; bytes: Buffer }> {
  const asked = request(url).end();
  const [answer]: IncomingMessage[] = await once(asked, 'response');
  if (answer === undefined) throw new Error('no answer');
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(chunk);
  return { answer, bytes: Buffer.concat(chunks) };
}

describe('exchanges', () => {
  test('come each once as JSON to the line, as the API tells them', async () => {
    const exchanges: Exchange[] = await linesOf(window);
    expect(new Set(exchanges.map(({ id }) => id)).size).toBe(31);
    const validate = new Ajv2020({ allErrors: true, strict: false }).compile(exchangesSchema);
    validate({ window: { from: 1, to: 2 }, exchanges, cursor: null });
    expect(validate.errors ?? []).toEqual([]);
    expect(exchanges[30]).toMatchObject({
      serverMachine: 'bank-machine',
      serverName: 'bank',
      clientMachine: null,
      clientName: '127.0.0.1',
      times: { start: new Date(at / 1_000).toISOString().replace('Z', '000Z'), requestSent: null },
    });
  });

  test('come as CSV that no spreadsheet takes for formulas, under a name that tells the window', async () => {
    const answer = await get(`${window}&outcome=fault`);
    expect(answer.headers.get('content-disposition')).toMatch(
      /^attachment; filename="exchanges-\d{8}T\d{6}Z-\d{8}T\d{6}Z\.csv"$/,
    );
    const lines = (await answer.text()).split('\r\n');
    expect(lines[0]).toMatch(/^id,transaction,parent,start,start_micros,duration_micros,/);
    expect(lines).toHaveLength(1 + 3 + 1);
    expect(lines[1]).toContain(`"'=cmd()"`);
  });

  test('come as Parquet with typed columns, in groups of rows', async () => {
    const bytes = await (await get(`${window}&format=parquet`)).arrayBuffer();
    const rows = await parquetReadObjects({ file: bytes });
    const [newest] = (await linesOf(window)) as Exchange[];
    expect(rows).toHaveLength(31);
    expect(rows[0]).toMatchObject({
      id: newest?.id,
      start: new Date((at + 40_000) / 1_000),
      duration_micros: 2_200n,
      status: 200n,
      lost: false,
      request_sent: null,
      operation: 'getBalance',
      server_machine: 'bank-machine',
      client_machine: null,
    });
    expect(rows.filter(({ outcome }) => outcome === 'fault')).toHaveLength(3);
    expect(rows[30]).toMatchObject({ fault_reason: '=cmd()' });
  });

  test('say before how many there may be, and behind the last byte how many came', async () => {
    const { answer } = await whole(`${running.url}/api/v1/export?${window}&outcome=fault`);
    expect(answer.headers).toMatchObject({ 'soa-monitor-estimated-rows': '31', trailer: 'Soa-Monitor-Rows' });
    expect(answer.trailers).toEqual({ 'soa-monitor-rows': '3' });
  });

  test('bring captured bodies only where these are asked for', async () => {
    expect(JSON.stringify(await linesOf(window))).not.toContain('<pay/>');
    expect((await linesOf(`${window}&bodies=true`))[0]).toMatchObject({ requestBody, replyBody: null });
    expect((await (await get(`${window}&bodies=true`)).text()).split('\r\n')[1]).toMatch(/,<pay\/>,$/);
  });
});

describe('traffic', () => {
  test('comes by step, link and operation, with the figures of the map', async () => {
    const rows = await linesOf(`${window}&what=traffic&step=1m`);
    expect(rows).toMatchObject([
      { from: at, to: at + 60_000_000, targetName: 'bank · /bank', operation: 'getBalance', count: 31, faults: 3 },
    ]);
    const [row] = await parquetReadObjects({
      file: await (await get(`${window}&what=traffic&step=1m&format=parquet`)).arrayBuffer(),
    });
    expect(row).toMatchObject({ from: new Date(at / 1_000), count: 31n, p95_micros: BigInt(rows[0].p95Micros) });
    const text = await (await get(`${window}&what=traffic&step=1m`)).text();
    expect(text.split('\r\n')[0]).toBe(
      'from,from_micros,to,to_micros,link,source,target,operation,count,faults,errors,request_bytes,reply_bytes,p50_micros,p95_micros,p99_micros',
    );
  });

  test('is cut to a node, link or operation of any level', async () => {
    const count = async (more: string) =>
      (await (await get(`${window}&what=traffic&format=ndjson${more}`)).text()).split('\n').length - 1;
    const { nodes } = await kept.store.nodes(null, 100);
    const machine = nodes.find(({ kind }) => kind === 'machine')?.id;
    const { links } = await kept.store.topology({ from: at, to: at + 60_000_000 }, 'server');
    expect([
      await count(`&node=${machine}`),
      await count(`&link=${links[0]?.id}`),
      await count('&operation=getBalance'),
    ]).toEqual([1, 1, 1]);
    expect([await count('&node=other'), await count('&link=other'), await count('&operation=other')]).toEqual([
      0, 0, 0,
    ]);
  });
});

test.each([
  ['an unknown format', 'format=xlsx'],
  ['an unknown subject', 'what=states'],
  ['a step for exchanges', 'step=1m'],
  ['an outcome of traffic', 'what=traffic&outcome=fault'],
  ['too many steps', `what=traffic&from=0&to=${at}&step=1s`],
  ['a step of nothing', 'what=traffic&step=0'],
])('%s is refused with a problem document', async (_name, path) => {
  const answer = await get(path);
  expect([answer.status, answer.headers.get('content-type')]).toEqual([400, 'application/problem+json']);
  expect((await bodyOf<Problem>(answer)).detail).toBeTruthy();
});

test('an empty window is a whole file of each kind', async () => {
  const empty = `from=${at - 3_000_000}&to=${at - 2_000_000}`;
  expect((await (await get(empty)).text()).split('\r\n')).toHaveLength(2);
  expect(await (await get(`${empty}&format=ndjson`)).text()).toBe('');
  expect(await parquetReadObjects({ file: await (await get(`${empty}&format=parquet`)).arrayBuffer() })).toEqual([]);
});

describe('a long export', () => {
  /** Pages for ever, of which it is known how many were asked for, and whether the asking ended. */
  async function endless(fails: number) {
    const first = kept.store.export({ ...EVERYTHING, window: { from: at, to: at + 60_000_000 } });
    const { value: page } = await first[Symbol.asyncIterator]().next();
    const asked = { pages: 0 };
    let end = () => {};
    const ended = new Promise<void>((resolve) => {
      end = resolve;
    });
    const store: Store = {
      ...createMemoryStore(),
      forget: async () => ({ expired: 0 }),
      aside: kept.store.aside,
      async *export() {
        try {
          for (;;) {
            if (++asked.pages > fails) throw new Error('the disk is gone');
            yield page ?? [];
          }
        } finally {
          end();
        }
      },
    };
    return { asked, ended, server: await startServer(store) };
  }

  test.each(['csv', 'ndjson', 'parquet'])('of %s that breaks is cut off, not short', async (format) => {
    const { server } = await endless(100);
    await expect(whole(`${server.url}/api/v1/export?format=${format}`)).rejects.toThrow('aborted');
    await server.server.close();
  });

  test('waits for a slow reader, and ends with a reader that goes', async () => {
    const { asked, ended, server } = await endless(Number.MAX_SAFE_INTEGER);
    const reading = request(`${server.url}/api/v1/export?format=ndjson`).end();
    const [answer]: IncomingMessage[] = await once(reading, 'response');
    // Until the buffers between the two are full: then no page more is asked for, however many turns pass.
    let before = -1;
    for (let quiet = 0; quiet < 200; quiet = asked.pages === before ? quiet + 1 : 0) {
      before = asked.pages;
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(asked.pages).toBeLessThan(2_000);
    expect((await fetch(`${server.url}/api/v1/nodes`)).status).toBe(200);
    answer?.destroy();
    await ended;
    await server.server.close();
  });

  test('is refused over HTTP/1.0, where a cut answer looks whole', async () => {
    const socket = connect(running.port, '127.0.0.1');
    socket.write(`GET /api/v1/export HTTP/1.0\r\nHost: localhost:${running.port}\r\n\r\n`);
    const chunks: Buffer[] = [];
    for await (const chunk of socket) chunks.push(chunk);
    expect(Buffer.concat(chunks).toString()).toMatch(/^HTTP\/1\.1 505 /);
  });

  test('is not begun for who asks for its headers alone', async () => {
    const { asked, server } = await endless(Number.MAX_SAFE_INTEGER);
    const answer = await fetch(`${server.url}/api/v1/export`, { method: 'HEAD' });
    expect([answer.status, asked.pages]).toEqual([200, 0]);
    await server.server.close();
  });
});

const EVERYTHING = {
  ...{ node: null, link: null, operation: null, outcome: null, minDurationMicros: null, fault: null, text: null },
  ...{ cursor: null, limit: 100, bodies: false },
};

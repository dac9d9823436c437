import { type ExchangeDetail, type Exchanges, exchangeDetailSchema, type WireRow } from '@soa-monitor/protocol';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bodyOf } from '../testing/body-of.ts';
import { serverRow, wireReport } from '../testing/reports.ts';
import { startServer } from '../testing/start-server.ts';
import { temporaryStore } from '../testing/temporary-store.ts';

const TOKEN = 'a-viewer-token-of-the-test';
const requestBody = {
  ...{ text: '<pay><card>[redacted]</card></pay>', bytes: 99_000, truncated: true, redacted: 1, rules: 'default 1' },
};
const at = Math.floor(Date.now() / 1_000) * 1_000_000 - 10_000_000;
let kept: Awaited<ReturnType<typeof temporaryStore>>;
let running: Awaited<ReturnType<typeof startServer>>;
let id = '';

beforeAll(async () => {
  kept = await temporaryStore();
  running = await startServer(kept.store, { viewerToken: TOKEN });
  const row = [...serverRow(1, at), { attempts: 2, requestBody }] as unknown as WireRow;
  const behind = { address: '127.0.0.1:9000', state: 'up', detail: 'takes connections' } as const;
  const listeners = [{ address: '127.0.0.1', port: 9, tls: false, behind }];
  const answer = await running.send(JSON.stringify(wireReport({ rows: [row], listeners })));
  expect(await answer.json()).toMatchObject({ acknowledged: 1, refused: [] });
  await kept.store.settle(Date.now() * 1_000 + 60_000_000, 0, 600_000_000);
  const window = `from=${at - 60_000_000}&to=${at + 60_000_000}`;
  id = (await bodyOf<Exchanges>(await ask(`exchanges?${window}`, TOKEN))).exchanges[0]?.id ?? '';
});
afterAll(async () => {
  await running?.server.close();
  await kept?.remove();
});

const ask = (path: string, token: string | null): Promise<Response> =>
  fetch(`${running.url}/api/v1/${path}`, { headers: token === null ? {} : { Authorization: `Bearer ${token}` } });

describe('a captured body', () => {
  test('comes with its exchange, to who has the viewer token, and is not kept in any cache', async () => {
    const answer = await ask(`exchanges/${id}`, TOKEN);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    const detail = await bodyOf<ExchangeDetail>(answer);
    expect(detail.server).toMatchObject({ requestBody, replyBody: null, attempts: 2 });
    const validate = new Ajv2020({ allErrors: true, strict: false }).compile(exchangeDetailSchema);
    validate(detail);
    expect(validate.errors ?? []).toEqual([]);
  });

  test('does not come without the token, or with the ingest key', async () => {
    for (const token of [null, 'another', 'test-ingest-key-0123456789']) {
      const answer = await ask(`exchanges/${id}`, token);
      expect(answer.status).toBe(401);
      expect(await answer.text()).not.toContain('redacted');
    }
  });

  test('stands in no list, no export, no replay, and no search finds it', async () => {
    const window = `from=${at - 60_000_000}&to=${at + 60_000_000}`;
    for (const path of [
      `exchanges?${window}`,
      `export?${window}&format=ndjson`,
      `replay?${window}`,
      `transactions/${id}`,
    ]) {
      const answer = await ask(path, TOKEN);
      expect(answer.status).toBe(200);
      expect(await answer.text()).not.toContain('redacted');
    }
    const { exchanges } = await bodyOf<Exchanges>(await ask(`exchanges?${window}&text=card`, TOKEN));
    expect(exchanges).toEqual([]);
  });

  test('the document of the API describes it', async () => {
    const text = await (
      await fetch(`${running.url}/api/openapi.json`, { headers: { Authorization: `Bearer ${TOKEN}` } })
    ).text();
    expect(text).toContain('requestBody');
    expect(text).toContain('Why nothing is shown: what cannot be read cannot be redacted');
    expect(text).toContain('/api/v1/nodes/{id}/processes');
  });
});

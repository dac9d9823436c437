import { describe, expect, it } from 'vitest';
import { createApi } from './api.ts';

const WINDOW = { from: 1, to: 2 };

function answering(status: number, body: unknown, headers: Record<string, string> = {}) {
  const asked: { url: string; init: RequestInit }[] = [];
  const api = createApi({
    fetch: (url, init = {}) => {
      asked.push({ url: String(url), init });
      const text = typeof body === 'string' ? body : JSON.stringify(body);
      return Promise.resolve(new Response(status === 204 ? null : text, { status, headers }));
    },
  });
  return { api, asked };
}

describe('the HTTP API', () => {
  it('asks in the words of the routes', async () => {
    const { api, asked } = answering(200, { window: WINDOW, exchanges: [], cursor: null });
    await api.exchanges({ window: WINDOW, node: 'a b', limit: 10 });
    expect(asked[0]?.url).toBe('/api/v1/exchanges?from=1&to=2&node=a+b&limit=10');
  });
  it('gives what was asked for', async () => {
    const { api } = answering(200, { window: WINDOW, stepMicros: 5, buckets: [], more: 'of a newer server' });
    expect(await api.traffic({ window: WINDOW, stepMicros: 5 })).toMatchObject({
      kind: 'ok',
      value: { stepMicros: 5 },
    });
  });
  it('says in words what the server could not do', async () => {
    const problem = { type: 'about:blank', title: 'Bad window', status: 400, detail: 'from is after to' };
    const { api } = answering(400, problem);
    expect(await api.traffic({ window: WINDOW, stepMicros: 5 })).toEqual({
      kind: 'failed',
      status: 400,
      words: 'Bad window: from is after to',
    });
  });
  it('says so when the answer is not one of ours', async () => {
    for (const body of ['<html>', {}, { window: WINDOW, stepMicros: 5, buckets: [{}] }]) {
      const { api } = answering(200, body);
      expect(await api.traffic({ window: WINDOW, stepMicros: 5 })).toMatchObject({ kind: 'failed', status: 0 });
    }
    const { api } = answering(502, '<html>bad gateway</html>');
    expect(await api.traffic({ window: WINDOW, stepMicros: 5 })).toMatchObject({ kind: 'failed', status: 502 });
  });
  it('says so when the monitor is not there, and is silent when it was told to stop', async () => {
    const api = createApi({ fetch: () => Promise.reject(new TypeError('Failed to fetch')) });
    expect(await api.traffic({ window: WINDOW, stepMicros: 5 })).toEqual({
      kind: 'failed',
      status: 0,
      words: 'The monitor cannot be reached (Failed to fetch).',
    });
    expect(await api.traffic({ window: WINDOW, stepMicros: 5 }, AbortSignal.abort())).toEqual({ kind: 'aborted' });
  });
  it('sends a place, and the etag of a view that it writes over', async () => {
    const { api, asked } = answering(204, null);
    await api.placeNode('default', 'n/1', { x: 1, y: 2, pinned: true });
    await api.putView('default', { nodes: {}, settings: {} }, '"7"');
    expect(asked.map(({ url, init }) => [init.method, url])).toEqual([
      ['PATCH', '/api/v1/views/default/nodes/n%2F1'],
      ['PUT', '/api/v1/views/default'],
    ]);
    expect(asked[0]?.init.body).toBe('{"x":1,"y":2,"pinned":true}');
    expect(asked[1]?.init.headers).toMatchObject({ 'if-match': '"7"' });
  });
});

import { createPageEncoder, type ExchangeTuple, REPLAY_MEDIA_TYPE } from '@soa-monitor/protocol';
import { describe, expect, it } from 'vitest';
import { createApi } from './api.ts';

const WINDOW = { from: 1_000, to: 2_000 };
const QUERY = { window: WINDOW, sample: 4, limit: 10, cursor: '1000.1' };
const EXCHANGE: ExchangeTuple = ['uk-h', 3, 'link', 'balance', 7, 1_100, 1_150, 1_400, 1_460, 370];
const NONE = { nodes: [], states: [], gone: [] };

function page(estate: unknown): Uint8Array<ArrayBuffer> {
  const encoder = createPageEncoder({ ids: true });
  encoder.exchange(1_100, 17, encoder.call('link', 'balance'), 7, 1_100, 1_150, 1_400, 1_460, 370);
  return encoder.finish({ window: WINDOW, sample: 4, version: 3, after: '1000.1', cursor: null, estate });
}

/** Answers one after the other, and keeps what was asked. */
function answering(...answers: readonly { status?: number; type: string; body: BodyInit }[]) {
  const asked: { url: string; accept: string | null }[] = [];
  const left = [...answers];
  const api = createApi({
    fetch: async (url, init) => {
      asked.push({ url: String(url), accept: new Headers(init?.headers).get('accept') });
      const { status = 200, type, body } = left.shift() ?? { type: 'text/plain', body: '' };
      return new Response(body, { status, headers: { 'content-type': type } });
    },
  });
  return { api, asked };
}

describe('a replay page, as the viewer asks for it', () => {
  it('is asked for in columns with ids, and read from them', async () => {
    const links = [{ id: 'link', source: 'a', target: 'b' }];
    const { api, asked } = answering({ type: REPLAY_MEDIA_TYPE, body: page({ nodes: [], links, states: [] }) });
    const feed = { ...NONE, links, exchanges: [EXCHANGE], cells: [] };
    expect(await api.replay(QUERY)).toEqual({ kind: 'ok', value: { window: WINDOW, sample: 4, cursor: null, feed } });
    expect(asked[0]?.url).toBe('/api/v1/replay?from=1000&to=2000&sample=4&limit=10&cursor=1000.1&ids=true');
    expect(asked[0]?.accept).toBe(`${REPLAY_MEDIA_TYPE}, application/json;q=0.5`);
  });

  const json = JSON.stringify({
    window: WINDOW,
    sample: 4,
    cursor: null,
    feed: { ...NONE, links: [], exchanges: [EXCHANGE], cells: [] },
  });

  it('is taken as JSON from a server that has no columns', async () => {
    const { api } = answering({ type: 'application/json', body: json });
    expect(await api.replay(QUERY)).toMatchObject({ kind: 'ok', value: { feed: { exchanges: [EXCHANGE] } } });
  });

  it('is asked for again in the old words from a server that does not know the new ones', async () => {
    const refused = JSON.stringify({ type: 'about:blank', title: 'Bad Request', status: 400 });
    const { api, asked } = answering(
      { status: 400, type: 'application/problem+json', body: refused },
      { type: 'application/json', body: json },
    );
    expect(await api.replay(QUERY)).toMatchObject({ kind: 'ok', value: { feed: { exchanges: [EXCHANGE] } } });
    expect(asked[1]).toEqual({
      url: '/api/v1/replay?from=1000&to=2000&sample=4&limit=10&cursor=1000.1',
      accept: 'application/json',
    });
  });

  it.each([
    ['was cut', page({ nodes: [], links: [], states: [] }).slice(0, -1)],
    ['tells of no estate', page({ nodes: 'none' })],
  ])('is not shown when it %s', async (_why, body) => {
    const { api } = answering({ type: REPLAY_MEDIA_TYPE, body });
    expect(await api.replay(QUERY)).toMatchObject({ kind: 'failed', status: 0 });
  });
});

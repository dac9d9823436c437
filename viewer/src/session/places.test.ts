import type { Place, View } from '@soa-monitor/protocol';
import { describe, expect, it } from 'vitest';
import type { Answer, Api } from '../feed/api.ts';
import { createPlaces } from './places.ts';

const at = (x: number, more: Partial<Place> = {}): Place => ({ x, y: 0, pinned: false, ...more });

function setUp(view: View['nodes'] = {}) {
  const sent: string[] = [];
  const told: (string | null)[] = [];
  const waits: { millis: number; call: () => void }[] = [];
  let nodes = view;
  let next: Answer<null> = { kind: 'ok', value: null };
  const answer = (): Promise<Answer<null>> => {
    const given = next;
    next = { kind: 'ok', value: null };
    return Promise.resolve(given);
  };
  const api = {
    view: () => Promise.resolve({ kind: 'ok', value: { view: { nodes, settings: { theme: 'dark' } }, etag: '"1"' } }),
    placeNode: (_: string, node: string, place: Place) => {
      sent.push(`${node} ${place.x}`);
      return answer();
    },
    putView: (_: string, put: View, etag: string | null) => {
      sent.push(`put ${Object.keys(put.nodes).length} ${etag} ${JSON.stringify(put.settings)}`);
      return answer();
    },
  } as unknown as Api;
  const after = (millis: number, call: () => void) => {
    const wait = { millis, call };
    waits.push(wait);
    return () => {
      if (waits.includes(wait)) waits.splice(waits.indexOf(wait), 1);
    };
  };
  const places = createPlaces({ api, after, told: (words) => told.push(words) }, 'default');
  return {
    places,
    sent,
    told,
    waits,
    rest: async () => {
      for (const wait of waits.splice(0)) wait.call();
      await new Promise(setImmediate);
    },
    fail: (status: number) => {
      next = { kind: 'failed', status, words: 'no' };
    },
    elsewhere: (changed: View['nodes']) => {
      nodes = changed;
    },
  };
}

describe('kept searches', () => {
  it('go with the whole view, beside what others keep in it', async () => {
    const { places, sent, rest } = setUp();
    await places.load();
    places.keepPreset('Slow bank', 'node:bank and p95 > 1s');
    expect(places.presets()).toEqual([{ name: 'Slow bank', text: 'node:bank and p95 > 1s' }]);
    await rest();
    expect(sent).toEqual(['put 0 "1" {"theme":"dark","find:Slow bank":"node:bank and p95 > 1s"}']);
  });
  it('stay on top of what somebody else wrote meanwhile, and are tried again when the monitor is away', async () => {
    const { places, sent, rest, fail } = setUp();
    await places.load();
    places.keepPreset('A', 'bank');
    fail(503);
    await rest();
    await places.load();
    expect(places.presets()).toEqual([{ name: 'A', text: 'bank' }]);
    await rest();
    expect(sent).toHaveLength(2);
  });
  it('are forgotten on wish', async () => {
    const { places, rest, sent } = setUp();
    await places.load();
    places.keepPreset('A', 'bank');
    await rest();
    places.keepPreset('A', null);
    await rest();
    expect(places.presets()).toEqual([]);
    expect(sent.at(-1)).toContain('{"theme":"dark"}');
  });
});

describe('kept places', () => {
  it('are sent after a rest, the last of each node only', async () => {
    const { places, sent, rest, waits } = setUp();
    await places.load();
    places.keep('a', at(1));
    places.keep('a', at(2));
    places.keep('b', at(3));
    expect([sent, waits.length]).toEqual([[], 1]);
    await rest();
    expect(sent).toEqual(['a 2', 'b 3']);
  });
  it('are not sent again for less than a hair', async () => {
    const { places, waits } = setUp({ a: at(1) });
    await places.load();
    places.keep('a', at(1.2));
    expect(waits).toEqual([]);
    places.keep('a', at(1.2, { pinned: true }));
    expect(waits).toHaveLength(1);
  });
  it('go as one view when they are many, with what else the view holds', async () => {
    const { places, sent, rest } = setUp();
    await places.load();
    for (let i = 0; i < 30; i++) places.keep(`n${i}`, at(i));
    await rest();
    expect(sent).toEqual(['put 30 "1" {"theme":"dark"}']);
  });
  it('are put on top of what somebody else put meanwhile', async () => {
    const { places, sent, rest, fail, elsewhere } = setUp();
    await places.load();
    for (let i = 0; i < 30; i++) places.keep(`n${i}`, at(i));
    elsewhere({ theirs: at(7) });
    fail(412);
    await rest();
    expect(sent).toEqual(['put 30 "1" {"theme":"dark"}', 'put 31 "1" {"theme":"dark"}']);
  });
  it('tell when somebody else moved a node, and not when it was us', async () => {
    const { places, elsewhere } = setUp({ a: at(1) });
    expect(await places.load()).toBe(true);
    expect(await places.load()).toBe(false);
    elsewhere({ a: at(50) });
    expect(await places.load()).toBe(true);
    expect(places.get('a')?.x).toBe(50);
  });
  it('wait for the monitor to come back, and say so', async () => {
    const { places, sent, told, rest, fail, waits } = setUp();
    await places.load();
    places.keep('a', at(1));
    fail(0);
    await rest();
    expect(told.at(-1)).toBe('Places are not kept: no');
    expect(waits.map((wait) => wait.millis)).toEqual([5_000]);
    await rest();
    expect(sent).toEqual(['a 1', 'a 1']);
    expect(told.at(-1)).toBeNull();
  });
  it('are all let go at once', async () => {
    const { places, sent } = setUp({ a: at(1) });
    await places.load();
    places.clear();
    expect(places.get('a')).toBeUndefined();
    expect(sent).toEqual(['put 0 null {"theme":"dark"}']);
  });
});

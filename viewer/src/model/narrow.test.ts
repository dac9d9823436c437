import type { CellTuple, ExchangeTuple, FeedItems } from '@soa-monitor/protocol';
import { describe, expect, it } from 'vitest';
import { createStateHistory } from './node-history.ts';
import { createPicture, REPLAY_BOUNDS } from './picture.ts';

const SECOND = 1_000_000;
const call = (id: string, at: number): ExchangeTuple => [id, 1, 'l', '', 7, at, at, at + SECOND, at + SECOND, SECOND];
const cell = (second: number): CellTuple => ['l', second, 1, 1, 0, 0, 0, 0, [40, 1]];
const seconds = Array.from({ length: 600 }, (_, second) => second);
const items: FeedItems = {
  nodes: [],
  links: [],
  states: seconds.map((second) => ({
    version: second,
    node: 'n',
    at: second * SECOND,
    state: `s${second}`,
    reason: '',
  })),
  exchanges: seconds.map((second) => call(`x${second}`, second * SECOND)),
  cells: seconds.map(cell),
  gone: [],
};

describe('a picture narrowed to a stretch', () => {
  it('tells every moment of the stretch as before, and holds little else', () => {
    const picture = createPicture(REPLAY_BOUNDS);
    picture.apply(items);
    const gone = picture.narrow(200 * SECOND, 300 * SECOND);
    expect(gone).toHaveLength(600 - 102);
    expect(picture.held()).toEqual({ exchanges: 102, cells: 161 });
    for (const moment of [200, 250, 300]) expect(picture.stateAt('n', moment * SECOND)?.state).toBe(`s${moment}`);
  });
  it('takes what it let go again', () => {
    const picture = createPicture(REPLAY_BOUNDS);
    picture.apply(items);
    picture.narrow(200 * SECOND, 300 * SECOND);
    picture.apply(items);
    expect(picture.held()).toEqual({ exchanges: 600, cells: 600 });
    expect(picture.counts().ended).toBe(600);
  });
  it('holds the exchanges of a thinner sample only, and counts as before', () => {
    const picture = createPicture(REPLAY_BOUNDS);
    picture.apply(items);
    expect(picture.thin((id) => id.endsWith('0'))).toHaveLength(540);
    expect(picture.counts()).toMatchObject({ exchanges: 60, ended: 600 });
  });
  it('knows the state at its beginning from the change before it', () => {
    const history = createStateHistory();
    for (const at of [10, 20, 30]) history.put({ version: at, at, state: `s${at}`, reason: '' });
    history.narrow(25, 28);
    expect([history.at(25)?.state, history.at(19), history.size]).toEqual(['s20', null, 1]);
  });
});

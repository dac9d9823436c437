import type { CellTuple, ExchangeTuple, FeedItems, Node, StateChange } from '@soa-monitor/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createPicture, LIVE_BOUNDS, type Picture } from './picture.ts';

const SECOND = 1_000_000;
const T0 = 1_700_000_000 * SECOND;
const NONE: FeedItems = { nodes: [], links: [], states: [], exchanges: [], cells: [], gone: [] };

/** One fact of the feed. Facts of one key and version are the same fact, as the store promises. */
type Fact =
  | { readonly kind: 'node'; readonly value: Node }
  | { readonly kind: 'state'; readonly value: StateChange }
  | { readonly kind: 'exchange'; readonly value: ExchangeTuple }
  | { readonly kind: 'cell'; readonly value: CellTuple }
  | { readonly kind: 'gone'; readonly value: { readonly id: string; readonly version: number } };

const version = fc.integer({ min: 1, max: 12 });
const name = fc.constantFrom('a', 'b', 'c');

const fact: fc.Arbitrary<Fact> = fc.oneof(
  fc
    .record({ id: name, seen: fc.integer({ min: 0, max: 5 }), text: name, state: fc.constantFrom('up', 'down', null) })
    .map(({ id, seen, text, state }) => ({
      kind: 'node' as const,
      value: {
        id,
        kind: 'server' as const,
        name: text,
        parent: null,
        address: null,
        monitored: true,
        state: state === null ? null : { state, since: T0 + seen, reason: state },
        firstSeen: T0 + seen,
        lastSeen: T0 + seen + 3,
      },
    })),
  fc.record({ version, node: name, at: fc.integer({ min: 0, max: 9 }) }).map((state) => ({
    kind: 'state' as const,
    value: { ...state, at: T0 + state.at, state: state.version % 2 ? 'up' : 'down', reason: `v${state.version}` },
  })),
  fc.tuple(name, version).map(([id, v]) => ({
    kind: 'exchange' as const,
    value: [id, v, 'l', 'Op', v > 6 ? 7 : null, T0, v > 3 ? T0 + v : null, null, null, null] as const,
  })),
  fc.tuple(name, fc.integer({ min: 0, max: 3 }), version).map(([link, second, v]) => ({
    kind: 'cell' as const,
    value: [link, T0 / SECOND + second, v, v, 0, 0, 0, 0, [1, v]] as const,
  })),
  fc.tuple(name, version).map(([id, v]) => ({ kind: 'gone' as const, value: { id, version: v } })),
);

function itemsOf(facts: readonly Fact[]): FeedItems {
  return {
    ...NONE,
    nodes: facts.flatMap((one) => (one.kind === 'node' ? one.value : [])),
    states: facts.flatMap((one) => (one.kind === 'state' ? one.value : [])),
    exchanges: facts.flatMap((one) => (one.kind === 'exchange' ? [one.value] : [])),
    cells: facts.flatMap((one) => (one.kind === 'cell' ? [one.value] : [])),
    gone: facts.flatMap((one) => (one.kind === 'gone' ? one.value : [])),
  };
}

/** Everything a picture says, in an order of its own. */
const said = (picture: Picture) => ({
  nodes: [...picture.nodes().values()].sort((a, b) => a.id.localeCompare(b.id)),
  exchanges: [...picture.exchanges()].sort((a, b) => a.id.localeCompare(b.id)),
  cells: ['a', 'b', 'c'].map((link) => [...(picture.cells(link)?.values() ?? [])].sort((a, b) => a[1] - b[1])),
  states: ['a', 'b', 'c'].flatMap((node) => [...Array(12).keys()].map((at) => picture.stateAt(node, T0 + at))),
});

describe('the picture', () => {
  it('is the same for any order, any batching and any repetition of what was heard', () => {
    fc.assert(
      fc.property(
        fc.array(fact, { maxLength: 40 }).chain((facts) =>
          fc.record({
            facts: fc.constant(facts),
            other: fc.shuffledSubarray([...facts, ...facts], { minLength: facts.length * 2 }),
            batch: fc.integer({ min: 1, max: 7 }),
          }),
        ),
        ({ facts, other, batch }) => {
          const once = createPicture(LIVE_BOUNDS);
          once.apply(itemsOf(facts));
          const otherwise = createPicture(LIVE_BOUNDS);
          for (let i = 0; i < other.length; i += batch) otherwise.apply(itemsOf(other.slice(i, i + batch)));
          expect(said(otherwise)).toEqual(said(once));
        },
      ),
    );
  });

  const exchange = (id: string, version: number, at: number, ended = true): ExchangeTuple => [
    id,
    version,
    'l',
    'Op',
    ended ? 7 : null,
    at,
    at,
    ended ? at : null,
    ended ? at : null,
    ended ? 0 : null,
  ];
  it('lets a merged exchange go, and does not take it back from an earlier delta', () => {
    const picture = createPicture(LIVE_BOUNDS);
    picture.apply({ ...NONE, exchanges: [exchange('x', 3, T0)] });
    expect(picture.apply({ ...NONE, gone: [{ id: 'x', version: 5 }] }).gone).toEqual(['x']);
    picture.apply({ ...NONE, exchanges: [exchange('x', 4, T0)] });
    expect(picture.exchange('x')).toBeUndefined();
  });
  it('tells what an exchange was before, so that a new message is known as new', () => {
    const picture = createPicture(LIVE_BOUNDS);
    const [first] = picture.apply({ ...NONE, exchanges: [exchange('x', 3, T0, false)] }).exchanges;
    const [second] = picture.apply({ ...NONE, exchanges: [exchange('x', 4, T0)] }).exchanges;
    expect([first?.before, second?.before?.replySent, second?.now.replySent]).toEqual([undefined, null, T0]);
  });
  it('forgets what ended long ago and keeps what is in flight, however old', () => {
    const picture = createPicture(LIVE_BOUNDS);
    picture.apply({
      ...NONE,
      exchanges: [exchange('old', 1, T0), exchange('hanging', 1, T0, false), exchange('new', 1, T0 + 9 * SECOND)],
      cells: [['l', T0 / SECOND, 1, 5, 0, 0, 0, 0, []]],
    });
    expect(picture.forget(T0 + 5 * SECOND)).toEqual(['old']);
    expect([...picture.exchanges()].map((one) => one.id)).toEqual(['hanging', 'new']);
    picture.apply({
      ...NONE,
      exchanges: [exchange('old', 2, T0)],
      cells: [['l', T0 / SECOND, 2, 6, 0, 0, 0, 0, []]],
    });
    expect(picture.counts()).toMatchObject({ exchanges: 2, ended: 0 });
  });
  it('holds no more exchanges than its bound: the oldest go, and are counted', () => {
    const picture = createPicture({ exchangesMax: 10 });
    const many = Array.from({ length: 25 }, (_, index) => exchange(`x${index}`, 1, T0 + index));
    const { gone } = picture.apply({ ...NONE, exchanges: many });
    expect(picture.counts()).toMatchObject({ exchanges: 9, dropped: 16 });
    expect(gone).toHaveLength(16);
    expect(picture.exchange('x24')).toBeDefined();
  });
  it("knows a node's state at any moment, from the changes and from its own record", () => {
    const picture = createPicture(LIVE_BOUNDS);
    const node: Node = {
      id: 'n',
      kind: 'server',
      name: 'n',
      parent: null,
      address: null,
      monitored: true,
      state: { state: 'up', since: T0, reason: 'ping' },
      firstSeen: T0,
      lastSeen: T0,
    };
    picture.apply({
      ...NONE,
      nodes: [node],
      states: [{ version: 2, node: 'n', at: T0 + 10, state: 'down', reason: 'gone' }],
    });
    expect([-1, 0, 9, 10, 99].map((at) => picture.stateAt('n', T0 + at)?.state)).toEqual([
      undefined,
      'up',
      'up',
      'down',
      'down',
    ]);
  });
});

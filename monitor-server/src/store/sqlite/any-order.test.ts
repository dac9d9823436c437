import { addFigures, type CellTuple, figuresOfCell, noFigures, type Report, shownFigures } from '@soa-monitor/protocol';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { CALL, createReporter, loopback, MILLI, MINUTE, NOON, type Reporter, SECOND } from '../testing/estate.ts';
import { foldFeed, openTemporary } from '../testing/opened.ts';
import { openDirectPorts } from './direct-ports.ts';
import { createStoreFace } from './store-face.ts';

type Rows = Report['rows'];

/** One call of the estate, and which of its halves never come. */
const calls = fc.array(
  fc.record({
    kind: fc.constantFrom('shop→bank', 'mute→airline', 'shop→airline→bank', 'shop→outside'),
    at: fc.integer({ min: 0, max: 180_000 }).map((millis) => NOON + millis * MILLI),
    end: fc.integer({ min: 1, max: 900_000 }),
    outcome: fc.constantFrom('ok', 'fault', 'httpError'),
    operation: fc.constantFrom('balance', 'withdraw', null),
    isLong: fc.boolean(),
    lost: fc.constantFrom('none', 'none', 'none', 'client', 'server'),
  }),
  { minLength: 1, maxLength: 12 },
);
/** How the rows arrive: in which order, which ones twice, and what happens in between. */
const arrival = fc.record({
  order: fc.array(fc.nat(1_000), { minLength: 60, maxLength: 60 }),
  repeats: fc.array(fc.nat(59), { maxLength: 10 }),
  between: fc.array(fc.constantFrom('nothing', 'nothing', 'settle', 'reopen'), { minLength: 70, maxLength: 70 }),
});

it('rows in any order, repeated, with restarts in between, come to the same figures as a fold of the calls', async () => {
  await fc.assert(
    fc.asyncProperty(calls, arrival, async (given, { order, repeats, between }) => {
      const { rows, expected, servers } = play(given);
      const shuffled = rows.map((row, index) => ({ row, key: order[index % order.length] ?? 0 }));
      const sequence = shuffled.sort((a, b) => a.key - b.key).map(({ row }) => row);
      for (const index of repeats) {
        const row = sequence[index];
        if (row !== undefined) sequence.push(row);
      }
      await using opened = await openTemporary(async (path) =>
        createStoreFace(openDirectPorts(path, { clock: () => NOON, retentionMicros: 30 * 24 * 60 * MINUTE })),
      );
      for (const server of servers) await opened.send(server, []);
      let after = 0;
      for (const [index, [reporter, row]] of sequence.entries()) {
        after += 100 * MILLI;
        await opened.send(reporter, [row], after);
        const step = between[index % between.length];
        if (step === 'settle') await opened.settle(after);
        if (step === 'reopen') await opened.reopen();
      }
      await opened.settle(after + 30 * SECOND);

      expect(await opened.links('operation')).toEqual(expected);
      expect(await opened.store.check()).toEqual([]);
      expect((await opened.store.accounting(NOON)).difference).toBe(0);
      const window = { from: NOON - MINUTE, to: NOON + 5 * MINUTE };
      const replay = await opened.store.read({ window, cursor: null, limit: 10_000, sample: 1 });
      const { links } = await opened.store.topology(window, 'endpoint');
      const counts = (cells: readonly CellTuple[]) => figuresByLink(cells);
      expect(counts(replay.feed.cells)).toEqual(
        Object.fromEntries(links.map(({ id, source, target, operation, ...figures }) => [id, figures])),
      );
      expect(counts(opened.feed().cells)).toEqual(counts(replay.feed.cells));
      const shown = (tuples: typeof replay.feed.exchanges) =>
        tuples.map(([id, , ...rest]) => [id, ...rest].join(' ')).sort();
      expect(shown(foldFeed(opened.committed.map(({ feed }) => feed)).exchanges)).toEqual(shown(replay.feed.exchanges));
    }),
    { numRuns: 60 },
  );
}, 120_000);

/** The rows that the estate would send, and the links that they come to. */
function play(given: typeof calls extends fc.Arbitrary<infer Given> ? Given : never) {
  const bank = createReporter({ name: 'bank', port: 4611 });
  const airline = createReporter({ name: 'airline', port: 4612 });
  const shop = createReporter({ name: 'shop' });
  const rows: (readonly [Reporter, Rows[number]])[] = [];
  const counts = new Map<string, number>();
  let port = 5_000;

  for (const { kind, at, end, outcome, operation, isLong, lost } of given) {
    const qname = operation === null ? null : { namespace: 'urn:x', name: operation };
    const put = (reporter: Reporter, role: 'called' | 'served', row: Parameters<Reporter['called']>[0]): number => {
      const whole = {
        end,
        outcome,
        ...row,
        call: { ...row.call, path: row.call?.path ?? '/', operation: qname },
      } as const;
      const first = reporter[role](isLong ? { ...whole, part: 'open', end: null, outcome: null } : whole);
      rows.push([reporter, first]);
      const { exchangeNo } = first;
      if (isLong) rows.push([reporter, reporter[role]({ ...whole, part: 'close', exchangeNo })]);
      return exchangeNo;
    };
    const count = (link: string): void => {
      const name = operation === null ? link : `${link} ${operation}`;
      counts.set(name, (counts.get(name) ?? 0) + 1);
    };
    const connect = (to: number) => ({ connection: loopback(port++, to), ordinal: 0 });
    const path = (name: string) => ({ ...CALL, path: `/${name}` });

    if (kind === 'shop→bank') {
      const connection = connect(4611);
      if (lost !== 'client') put(shop, 'called', { start: at, call: path('bank'), ...connection });
      if (lost !== 'server') put(bank, 'served', { start: at + 100, call: path('bank'), ...connection });
      count(lost === 'client' ? '127.0.0.1 → /bank' : 'shop → /bank');
    } else if (kind === 'mute→airline') {
      put(airline, 'served', { start: at, call: path('airline'), ...connect(4612) });
      count('127.0.0.1 → /airline');
    } else if (kind === 'shop→outside') {
      put(shop, 'called', { start: at, call: { ...path('far'), address: 'far.example:80' } });
      count('shop → far.example:80/far');
    } else {
      const [outer, inner] = [connect(4612), connect(4611)];
      if (lost !== 'client') put(shop, 'called', { start: at, call: path('airline'), ...outer });
      const parentNo = put(airline, 'served', { start: at + 100, call: path('airline'), ...outer });
      put(airline, 'called', { start: at + 200, parentNo, call: path('bank'), ...inner });
      if (lost !== 'server') put(bank, 'served', { start: at + 300, call: path('bank'), ...inner });
      count(lost === 'client' ? '127.0.0.1 → /airline' : 'shop → /airline');
      count('/airline → /bank');
    }
  }
  const expected = [...counts].map(([link, n]) => `${link}: ${n}`).sort();
  return { rows, expected, servers: [bank, airline] };
}

function figuresByLink(cells: readonly CellTuple[]): { readonly [link: string]: unknown } {
  const sums = new Map<string, ReturnType<typeof noFigures>>();
  for (const cell of cells) {
    if (cell[3] === 0) continue;
    const sum = sums.get(cell[0]) ?? noFigures();
    sums.set(cell[0], sum);
    addFigures(sum, figuresOfCell(cell));
  }
  return Object.fromEntries([...sums].map(([link, figures]) => [link, shownFigures(figures)]));
}

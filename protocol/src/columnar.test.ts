import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checksumOf } from './columnar-checksum.ts';
import {
  type CellTuple,
  createPageEncoder,
  decodeReplayPage,
  type ExchangeTuple,
  exchangeId,
  REPORT_LIMITS,
  type ReplayPage,
} from './protocol.ts';

const time = fc.oneof(
  fc.integer({ min: 0, max: REPORT_LIMITS.timeMicros }),
  fc.integer({ min: 0, max: 5_000_000 }).map((micros) => 1_795_348_800_000_000 + micros),
);
const timeOrNull = fc.oneof({ weight: 3, arbitrary: time }, fc.constant(null));
const seq = fc.oneof(fc.nat(100), fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }));
const count = fc.oneof(fc.nat(3), fc.nat(1_000_000), fc.integer({ min: 0, max: 2 ** 49 }));
const link = fc.constantFrom('aaaaaaaaaaaaa', 'bbbbbbbbbbbbb', 'ccccccccccccc', '');
const operation = fc.oneof(fc.constantFrom('balance', '', 'Überweisung'), fc.string({ unit: 'binary' }));
const version = 41;

const exchange: fc.Arbitrary<ExchangeTuple> = fc
  .tuple(
    fc.tuple(time, seq).map((key) => exchangeId(...key)),
    fc.constant(version),
    link,
    operation,
    fc.option(fc.integer({ min: 0, max: 14 })),
    timeOrNull,
    timeOrNull,
    timeOrNull,
    timeOrNull,
    fc.option(count),
  )
  .map((tuple) => tuple as ExchangeTuple);
const histogram = fc
  .array(fc.tuple(fc.nat(591), fc.integer({ min: 1, max: 1_000 })), { maxLength: 6 })
  .map((pairs) => pairs.flat());
const cell: fc.Arbitrary<CellTuple> = fc
  .tuple(link, fc.nat(2 ** 31), fc.constant(version), count, count, count, count, count, histogram)
  .map((tuple) => tuple as CellTuple);
const page: fc.Arbitrary<ReplayPage> = fc.record({
  window: fc.record({ from: time, to: time }),
  sample: fc.integer({ min: 1, max: 1 << 20 }),
  version: fc.constant(version),
  after: fc.constantFrom('', '1795348800000000.17'),
  cursor: fc.constantFrom(null, '1795348800000001.18'),
  estate: fc.jsonValue().map((value) => JSON.parse(JSON.stringify(value))),
  exchanges: fc.array(exchange, { maxLength: 40 }),
  cells: fc.array(cell, { maxLength: 20 }),
});

function encode(given: ReplayPage, ids: boolean): Uint8Array {
  const encoder = createPageEncoder({ ids });
  const known = (value: number | null): number => value ?? Number.NaN;
  for (const [id, , of, name, outcome, sent, received, replySent, back, duration] of given.exchanges) {
    const times = [known(sent), known(received), known(replySent), known(back), known(duration)] as const;
    const [idTime = 0, idSeq = 0] = id.split('-').map((part) => Number.parseInt(part, 36));
    encoder.exchange(idTime, idSeq, encoder.call(of, name), outcome ?? -1, ...times);
  }
  for (const [of, second, , exchanges, faults, errors, requestBytes, replyBytes, pairs] of given.cells)
    encoder.cell(of, second, { count: exchanges, faults, errors, requestBytes, replyBytes }, pairs);
  return encoder.finish(given);
}

const decoded = (bytes: Uint8Array): ReplayPage => {
  const answer = decodeReplayPage(bytes);
  if (answer.kind === 'damaged') throw new Error(answer.reason);
  return answer.page;
};
const reasonOf = (bytes: Uint8Array): string => {
  const answer = decodeReplayPage(bytes);
  return answer.kind === 'damaged' ? answer.reason : 'a page';
};

describe('a replay page in columns', () => {
  it('comes back as it was, whatever is in it', () => {
    fc.assert(
      fc.property(page, (given) => {
        expect(decoded(encode(given, true))).toEqual(given);
      }),
      { numRuns: 500 },
    );
  });

  it('without ids names its exchanges by their place', () => {
    fc.assert(
      fc.property(page, (given) => {
        const exchanges = given.exchanges.map(([, ...rest], row) => [`${given.after}~${row}`, ...rest]);
        expect(decoded(encode(given, false))).toEqual({ ...given, exchanges });
      }),
    );
  });

  it('that was cut at any byte, or has any byte changed, says so', () => {
    fc.assert(
      fc.property(page, fc.nat(), fc.integer({ min: 1, max: 255 }), (given, at, change) => {
        const bytes = encode(given, true);
        expect(reasonOf(bytes.subarray(0, at % bytes.length))).toContain('no replay page: ');
        const changed = bytes.slice();
        changed[at % bytes.length] = (changed[at % bytes.length] ?? 0) ^ change;
        expect(reasonOf(changed)).toContain('no replay page: ');
        expect(reasonOf(new Uint8Array([...bytes, 0]))).toContain('no replay page: ');
      }),
      { numRuns: 300 },
    );
  });

  it('made by an enemy, with a checksum that holds, neither hangs nor takes more memory than its bytes can fill', () => {
    const bytes = fc.oneof(fc.uint8Array({ maxLength: 200 }), hostile);
    fc.assert(
      fc.property(bytes, (body) => {
        const answer = decodeReplayPage(sealed(body));
        if (answer.kind === 'damaged') return;
        expect(answer.page.exchanges.length).toBeLessThanOrEqual(body.length);
        expect(answer.page.cells.length).toBeLessThanOrEqual(body.length);
      }),
      { numRuns: 3_000 },
    );
  });

  it('takes some 6 bytes a message', () => {
    const exchanges = Array.from({ length: 2_000 }, (_, row): ExchangeTuple => {
      const sent = 1_795_348_800_000_000 + row * 1_200 + ((row * 7_919) % 800);
      const took = 3_000 + ((row * 104_729) % 40_000);
      const [received, replied] = [sent + 150 + (row % 90), sent + took];
      const name = ['aaaaaaaaaaaaa', 'bbbbbbbbbbbbb', 'ccccccccccccc'][row % 3] ?? '';
      const times = [sent, received, replied, replied + 210, took + 230] as const;
      return [exchangeId(sent, 1_000 + 2 * row), version, name, 'balance', 7, ...times];
    });
    const given = { window: { from: 0, to: 1 }, sample: 1, version, after: '', cursor: null, estate: {}, cells: [] };
    expect(encode({ ...given, exchanges }, false).length / 4_000).toBeLessThan(6.5);
  });
});

/** A page whose bytes after the checksum were tampered with. */
const hostile = fc.tuple(page, fc.nat(), fc.uint8Array({ minLength: 1, maxLength: 9 })).map(([given, at, junk]) => {
  const body = encode(given, true).slice(8);
  body.set(junk.slice(0, body.length - (at % body.length)), at % body.length);
  return body;
});

function sealed(body: Uint8Array): Uint8Array {
  const checksum = checksumOf(body);
  return new Uint8Array([0x53, 0x4d, 0x52, 1, ...[0, 8, 16, 24].map((bits) => (checksum >>> bits) & 255), ...body]);
}

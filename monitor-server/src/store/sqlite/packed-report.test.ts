import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createReporter, loopback, NOON } from '../testing/estate.ts';
import { packReport, unpackReport } from './packed-report.ts';

const offset = fc.option(fc.integer({ min: 0, max: 9_000_000_000 }));
const CONNECTIONS = [loopback(5_000, 4_611), loopback(5_001, 4_611)];
const FAULTS = [{ code: 'soap:Server', reason: 'none left' }, { code: 'soap:Client' }];

describe('a packed report', () => {
  it('is the same report when it is unpacked, and what repeats in it is still one', () => {
    const row = fc.record({
      start: fc.integer({ min: 1, max: 4 * NOON }),
      part: fc.constantFrom('whole', 'open', 'close'),
      exchangeNo: fc.maxSafeNat(),
      parentNo: fc.option(fc.maxSafeNat()),
      ...{ requestLast: offset, replyFirst: offset, replyLast: offset, end: offset, ordinal: offset },
      outcome: fc.constantFrom('ok', 'fault', 'refused', 'attempt', null),
      status: fc.integer({ min: 0, max: 999 }),
      fault: fc.constantFrom(null, ...FAULTS),
      connection: fc.constantFrom(null, ...CONNECTIONS),
      ids: fc.constantFrom(null, { messageId: 'urn:1' }, {}),
      extras: fc.constantFrom(null, { attempts: 2 }),
      isServed: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(row, { maxLength: 20 }), (given) => {
        const bank = createReporter({ name: 'bank', port: 4611 });
        const rows = given.map(({ isServed, ...each }) => (isServed ? bank.served(each) : bank.called(each)));
        const report = bank.report(rows);
        const packed = packReport(report);
        const { header, rows: met } = unpackReport(packed);
        expect({ header, rows: Array.from(met, (each) => ({ ...each })) }).toEqual(report);
        expect(met).toHaveLength(rows.length);
        expect(met.some(({ role }) => role === 'server')).toBe(given.some(({ isServed }) => isServed));
        expect(packed.calls.length).toBeLessThanOrEqual(1);
        expect(packed.connections.length).toBeLessThanOrEqual(CONNECTIONS.length);
      }),
      { numRuns: 200 },
    );
  });
});

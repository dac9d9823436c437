import { readdirSync, readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeReport, deltaSchema, reportSchema } from './protocol.ts';

const folder = new URL('../samples/', import.meta.url);
const samplesOf = (kind: string): [string, unknown][] =>
  readdirSync(new URL(`reports/${kind}/`, folder)).map((file) => [
    file.replace('.json', ''),
    JSON.parse(readFileSync(new URL(`reports/${kind}/${file}`, folder), 'utf8')),
  ]);
const sample = (kind: string, name: string): unknown => new Map(samplesOf(kind)).get(name);
const ajv = new Ajv2020({ strict: false });

describe('a report', () => {
  it.each(samplesOf('good'))('is taken whole when it is good: %s', (_name, report) => {
    expect(decodeReport(report)).toMatchObject({ kind: 'report', refused: [] });
  });

  it.each(samplesOf('good'))('that is good holds to the published schema: %s', (_name, report) => {
    const holds = ajv.validate(reportSchema, report);
    expect(ajv.errors ?? []).toEqual([]);
    expect(holds).toBe(true);
  });

  it('gives the row that it was sent, with its indexes resolved', () => {
    const decoded = decodeReport(sample('good', 'call-within-a-call'));
    expect(decoded.kind === 'report' && decoded.report.rows[0]).toEqual({
      rowSeq: 0,
      exchangeNo: 7,
      part: 'whole',
      call: {
        address: '127.0.0.1:4611',
        path: '/bank',
        operation: { namespace: 'urn:sample:bank:1', name: 'withdraw' },
        action: 'urn:sample:bank:1/withdraw',
        actionSource: 'soapAction',
        soapVersion: '1.1',
        mediaType: 'text/xml',
      },
      role: 'client',
      parentNo: 6,
      start: 1795344000100500,
      requestLast: 180,
      replyFirst: 4100,
      replyLast: 4300,
      end: 4300,
      requestBytes: 612,
      replyBytes: 431,
      outcome: 'fault',
      status: 500,
      fault: { code: 'soap:Server', reason: 'Insufficient funds', detail: '{urn:sample:bank:1}InsufficientFunds' },
      connection: { server: '127.0.0.1:4611', client: '127.0.0.1:53122' },
      ordinal: 0,
      ids: null,
      extras: null,
    });
  });

  it('of another version is told apart from a bad one', () => {
    for (const name of ['version-0', 'no-version', 'version-2-from-the-future']) {
      expect(decodeReport(sample('old', name)).kind).toBe('otherVersion');
    }
  });

  it('may carry header fields of a newer interceptor', () => {
    expect(decodeReport(sample('old', 'unknown-header-fields-are-ignored'))).toMatchObject({ kind: 'report' });
  });

  it('loses only its bad row', () => {
    const decoded = decodeReport(sample('hostile', 'one-bad-row-among-good'));
    expect(decoded).toMatchObject({ kind: 'report', refused: [{ rowSeq: 1, reason: 'start is no time' }] });
    expect(decoded.kind === 'report' && decoded.report.rows.map((row) => row.rowSeq)).toEqual([0, 2]);
  });

  it.each([
    ['negative-offset', 'an offset is negative, fractional or absurd'],
    ['absurd-start', 'start is no time'],
    ['fractional-start', 'start is no time'],
    ['start-as-text', 'start is no time'],
    ['index-out-of-range', 'it points at no call of this report'],
    ['index-proto', 'it points at no call of this report'],
    ['outcome-while-open', 'an outcome is known if and only if the exchange has ended'],
    ['unknown-outcome', 'an outcome is known if and only if the exchange has ended'],
    ['too-many-columns', 'a row has 19 or 20 columns'],
    ['body-hash-too-long', 'its bodyHash is no text of at most 64'],
    ['attempts-negative', 'its attempts are no count'],
    ['attachment-of-no-type', 'its requestAttachments are out of shape or bounds'],
    ['captured-body-too-long', 'its requestBody are out of shape or bounds'],
    ['extras-are-a-list', 'its extras are no object'],
    ['long-path', "its call's path is no text of at most 1024"],
  ])('has its row refused: %s', (name, reason) => {
    expect(decodeReport(sample('hostile', name))).toMatchObject({ kind: 'report', refused: [{ reason }] });
  });

  it.each([
    'row-without-a-number',
    'row-is-an-object',
    'reporter-of-the-wrong-shape',
    'reporter-is-an-object',
    'long-name',
    'empty-name',
    'port-0',
    'counters-missing',
    'negative-counter',
    'rows-are-no-list',
    'an-array',
    'null',
  ])('is refused whole, with a reason: %s', (name) => {
    const decoded = decodeReport(sample('hostile', name));
    expect(decoded.kind === 'invalid' && decoded.reasons.length).toBeGreaterThan(0);
  });

  it('reads nothing through a key named __proto__', () => {
    const decoded = decodeReport(sample('hostile', 'proto-keys'));
    expect(decoded).toMatchObject({ kind: 'report', report: { header: { name: 'airline-a' } } });
    expect(Object.hasOwn({}, 'polluted')).toBe(false);
    const dropped = decoded.kind === 'report' ? decoded.report.header.counters.dropped : {};
    expect(Object.getPrototypeOf(dropped)).toBe(Object.prototype);
    expect(Object.entries(dropped)).toEqual([['__proto__', 3]]);
  });

  it('has half a surrogate pair made a whole character, so that it is the same text after it was stored', () => {
    const decoded = decodeReport(sample('hostile', 'half-a-surrogate-pair'));
    expect(decoded).toMatchObject({
      report: {
        header: { name: 'a\ufffd' },
        rows: [{ call: { operation: { namespace: 'urn:a\ufffd', name: 'b\ufffd' } } }],
      },
    });
  });

  it('with more rows than the bound is refused whole', () => {
    const report = sample('good', 'hello');
    const many = { ...Object(report), rows: Array.from({ length: 10_001 }, () => []) };
    expect(decodeReport(many)).toMatchObject({ kind: 'invalid' });
  });

  it('never makes the decoder throw, whatever it is', () => {
    fc.assert(
      fc.property(fc.anything({ withNullPrototype: true, withBigInt: true, withSparseArray: true }), (value) => {
        decodeReport(value);
        decodeReport({ ...Object(sample('good', 'hello')), rows: [value], calls: [value], counters: value });
      }),
      { numRuns: 500 },
    );
  });

  it('never makes the decoder throw with one leaf of a good report replaced by anything', () => {
    const good = JSON.stringify(sample('good', 'call-within-a-call'));
    const leaves = good.match(/(?<=[:,[])(-?\d+|"[^"]*"|null|true|false)(?=[,\]}])/g)?.length ?? 0;
    expect(leaves).toBeGreaterThan(40);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: leaves - 1 }), fc.json(), (leaf, json) => {
        let at = -1;
        const mutated = good.replace(/(?<=[:,[])(-?\d+|"[^"]*"|null|true|false)(?=[,\]}])/g, (text) => {
          at += 1;
          return at === leaf ? json : text;
        });
        decodeReport(JSON.parse(mutated));
      }),
      { numRuns: 500 },
    );
  });
});

describe('a delta', () => {
  it('of the samples holds to the published schema', () => {
    const delta = JSON.parse(readFileSync(new URL('deltas/good.json', folder), 'utf8'));
    ajv.validate(deltaSchema, delta);
    expect(ajv.errors ?? []).toEqual([]);
  });
});

import { readdirSync, readFileSync } from 'node:fs';
import { decodeReport } from '@soa-monitor/protocol';
import { describe, expect, test } from 'vitest';
import { observation } from '../testing/observation.ts';
import { encodeReport } from './encode-report.ts';

const header = {
  reporter: 'a'.repeat(24),
  name: 'n',
  machine: 'm',
  hostId: 'h',
  pid: 1,
  stack: 's',
  listeners: [{ address: '0.0.0.0', port: 80, tls: false }],
  advertised: null,
  sentAt: 1_795_000_000_000_000,
  closing: false,
  counters: {
    observed: 0,
    acknowledged: 0,
    refused: 0,
    inTransit: 0,
    queued: 0,
    dropped: {},
    noise: 0,
    pings: 0,
    failures: 0,
  },
};

test('what is encoded decodes to the same, and what repeats is said once', () => {
  const call = { path: '/a', operation: null };
  const connection = { server: '[::1]:80', client: '[::1]:5000' };
  const fault = () => ({ code: 's:Client', reason: 'no', detail: '{urn:a}b' });
  const rows = [
    observation({ call, connection, ordinal: 0, fault: fault(), outcome: 'fault' }),
    observation({ call, connection, ordinal: 1, fault: fault(), outcome: 'fault', role: 'client', parentNo: 3 }),
    observation({ call, part: 'open', outcome: null, end: null, replyFirst: null, replyLast: null }),
    observation({ part: 'close', outcome: 'timeout', status: 0, ids: { messageId: 'urn:1', relatesTo: 'urn:2' } }),
  ].map((row, rowSeq) => ({ ...row, rowSeq }));
  const wire = encodeReport({ ...header, closing: true, advertised: 'bank:80' }, rows);
  expect([wire.calls.length, wire.faults.length, wire.connections.length]).toEqual([2, 1, 1]);
  const decoded = decodeReport(JSON.parse(JSON.stringify(wire)));
  expect(decoded).toEqual({
    kind: 'report',
    report: { header: { ...header, closing: true, advertised: 'bank:80' }, rows },
    refused: [],
  });
});

test('a report without rows is whole', () => {
  expect(decodeReport(JSON.parse(JSON.stringify(encodeReport(header, []))))).toMatchObject({ kind: 'report' });
});

describe('the samples of the protocol', () => {
  const folder = new URL('../../../../protocol/samples/reports/good/', import.meta.url);

  test.each(readdirSync(folder))('are what this sender writes: %s', (file) => {
    const decoded = decodeReport(JSON.parse(readFileSync(new URL(file, folder), 'utf8')));
    if (decoded.kind !== 'report') throw new Error(`${file} is no report`);
    const { header, rows } = decoded.report;
    expect(decodeReport(JSON.parse(JSON.stringify(encodeReport(header, rows))))).toEqual(decoded);
  });
});

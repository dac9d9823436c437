import { gunzipSync } from 'node:zlib';
import { decodeReport, type ReportedRow } from '@soa-monitor/protocol';
import { describe, expect, it } from 'vitest';
import { createEstate } from './estate.ts';
import type { Half } from './halves.ts';
import { prepareReport } from './prepared-report.ts';
import { createReportSource } from './report-source.ts';

const WISH = { observations: 4_000, rowsPerReport: 50, from: 1_795_000_000_000_000, observationsPerSecond: 10_000 };

function rowsOf(seed: number): ReportedRow[] {
  const { full, rest } = createReportSource(seed, 'a-test').reports(WISH);
  return [...full, ...rest].flatMap(({ beforeSentAt, afterSentAt }) => {
    const decoded = decodeReport(JSON.parse(`${beforeSentAt}${WISH.from}${afterSentAt}`));
    if (decoded.kind !== 'report') throw new Error(JSON.stringify(decoded));
    expect(decoded.refused).toEqual([]);
    return decoded.report.rows;
  });
}

describe('the load of the benches', () => {
  it('is taken whole by the decoder of the protocol', () => {
    expect(rowsOf(1).length).toBeGreaterThanOrEqual(WISH.observations);
  });

  it('is the same for the same seed, and another for another', () => {
    expect(rowsOf(7)).toEqual(rowsOf(7));
    expect(rowsOf(7)).not.toEqual(rowsOf(8));
  });

  it('tells each exchange twice, once from each side, by one connection and ordinal', () => {
    const sides = new Map<string, string[]>();
    for (const { connection, ordinal, role } of rowsOf(1)) {
      const key = `${connection?.server} ${connection?.client} ${ordinal}`;
      sides.set(key, [...(sides.get(key) ?? []), role]);
    }
    for (const roles of sides.values()) expect(roles.sort()).toEqual(['client', 'server']);
  });

  it('has 40 services, 200 links and 800 operations of links', () => {
    const { services, links, pairs } = createEstate(1);
    expect([services.length, links.length, pairs.length]).toEqual([40, 200, 800]);
    expect(new Set(links.map(({ id }) => id)).size).toBe(200);
  });

  it('places what the callee did within what its caller saw', () => {
    const halves: Half[] = [];
    createReportSource(3, 'a-test').reports({ ...WISH, onHalf: (half) => void halves.push(half) });
    const clients = new Map(halves.filter(({ role }) => role === 1).map((half) => [half.exchange, half]));
    for (const server of halves.filter(({ role }) => role === 0)) {
      const client = clients.get(server.exchange);
      expect(client?.start).toBeLessThanOrEqual(server.start);
      expect((client?.start ?? 0) + (client?.end ?? 0)).toBeGreaterThanOrEqual(server.start + server.end);
    }
  });

  it('brings late halves with the reports of the next call, and loses none', () => {
    const source = createReportSource(5, 'a-test');
    const rowsIn = ({ full, rest }: ReturnType<typeof source.reports>): number =>
      [...full, ...rest].reduce((sum, { rows }) => sum + rows, 0);
    const early = rowsIn(source.reports({ ...WISH, lateShare: 0.2 }));
    expect(early).toBeLessThan(source.observations());
    expect(early + rowsIn(source.reports({ ...WISH, observations: 0 }))).toBe(source.observations());
  });
});

describe('a report that is compressed beforehand', () => {
  it('inflates to what was made, with the time of its sending', () => {
    const [report] = createReportSource(1, 'a-test').reports(WISH).full;
    if (report === undefined) throw new Error('no report');
    const prepared = prepareReport(report);
    for (const sentAt of [1_795_000_000_000_001, 1_795_000_000_999_999])
      expect(gunzipSync(prepared.stamped(sentAt)).toString('utf8')).toBe(
        `${report.beforeSentAt}${sentAt}${report.afterSentAt}`,
      );
  });
});

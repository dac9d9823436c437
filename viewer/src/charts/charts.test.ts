import type { Node, Topology, Traffic } from '@soa-monitor/protocol';
import { describe, expect, it } from 'vitest';
import { csvOfChart } from './chart-files.ts';
import { chartSeries } from './chart-series.ts';
import { readChartsSearch } from './charts-search.ts';
import { csvText } from './csv-text.ts';
import { heatCells } from './heat-cells.ts';
import { MEASURES } from './measures.ts';
import { openTables, withTable } from './open-tables.ts';
import { heatMark } from './paint-heat.ts';
import { partsOf } from './parts-of.ts';

const SECOND = 1_000_000;
const bucket = (second: number, changes: Partial<Traffic['buckets'][number]> = {}): Traffic['buckets'][number] => ({
  ...{ from: second * SECOND, count: 10, faults: 1, errors: 2, requestBytes: 500, replyBytes: 1_000 },
  ...{ p50Micros: 100, p95Micros: 200, p99Micros: 300 },
  ...changes,
});
const traffic = (buckets: Traffic['buckets'], changes: Partial<Traffic> = {}): Traffic => ({
  window: { from: 0, to: 20 * SECOND },
  stepMicros: 5 * SECOND,
  buckets,
  ...changes,
});
const window = { from: 0, to: 20 * SECOND };

describe('a chart', () => {
  it('has every bucket: no calls are zero calls, but of no call there is no duration', () => {
    const given = traffic([bucket(5)]);
    expect(chartSeries(given, window, 20 * SECOND, MEASURES.rate).lines).toEqual([
      [0, 2, 0, 0],
      [0, 0.6, 0, 0],
    ]);
    expect(chartSeries(given, window, 20 * SECOND, MEASURES.latency).lines[1]).toEqual([null, 200, null, null]);
    expect(chartSeries(given, window, 20 * SECOND, MEASURES.failed).lines[0]).toEqual([null, 0.1, null, null]);
  });
  it('does not know what has not passed yet, and tells that its last bucket is not whole', () => {
    const series = chartSeries(traffic([bucket(10)]), window, 12 * SECOND, MEASURES.rate);
    expect(series.lines[0]).toEqual([0, 0, 5, null]);
    expect(series.partial).toEqual({ from: 10 * SECOND, to: 12 * SECOND });
    expect(chartSeries(traffic([]), window, 10.2 * SECOND, MEASURES.rate)).toMatchObject({ partial: null });
  });
  it('does not know what is older than what is kept', () => {
    const partial = [{ reason: 'expired', before: 8 * SECOND, exchanges: null }] as const;
    const given = traffic([bucket(10)], { explain: { tiers: [], rowsRead: 1, partial } });
    const series = chartSeries(given, window, 20 * SECOND, MEASURES.rate);
    expect(series.lines[0]).toEqual([null, 0, 2, 0]);
    expect(series.expiredBefore).toBe(8 * SECOND);
  });
  it('does not know what was before anybody reported, but for what was reported late', () => {
    const series = chartSeries(traffic([bucket(0)]), window, 20 * SECOND, MEASURES.bytes, 12 * SECOND);
    expect(series.lines[0]?.map((value) => value === null)).toEqual([false, true, false, false]);
    expect(series.begun).toBe(12 * SECOND);
    expect(chartSeries(traffic([]), window, 20 * SECOND, MEASURES.rate, 0).begun).toBeNull();
  });
  it('is a file of what is seen: unknown is empty, a bucket that is not whole is told', () => {
    const series = chartSeries(traffic([bucket(10)]), window, 12 * SECOND, MEASURES.rate);
    expect(csvOfChart('=evil()', MEASURES.rate, series).split('\r\n')).toEqual([
      'chart,from,to,whole,Calls (per second),Failed (per second)',
      `"'=evil()",1970-01-01T00:00:00.000Z,1970-01-01T00:00:05.000Z,yes,0,0`,
      `"'=evil()",1970-01-01T00:00:05.000Z,1970-01-01T00:00:10.000Z,yes,0,0`,
      `"'=evil()",1970-01-01T00:00:10.000Z,1970-01-01T00:00:12.000Z,no,5,1.5`,
      `"'=evil()",1970-01-01T00:00:15.000Z,1970-01-01T00:00:20.000Z,yes,,`,
      '',
    ]);
  });
});

describe('a file for spreadsheets', () => {
  it('makes no text a formula, and keeps numbers, quotes and lines', () => {
    for (const text of ['=1', '+1', '-1', '@x', ' =1', '\t=1', '＝1', "'=1"])
      expect(csvText([[text]])).toBe(`"'${text}"\r\n`);
    expect(csvText([['plain', -5, null, 'a"b', 'a,b', 'a\nb']])).toBe('plain,-5,,"a""b","a,b","a\nb"\r\n');
  });
});

describe('the heat map', () => {
  const given = traffic([bucket(5, { latency: [160, 3, 161, 4, 200, 1] }), bucket(10, { latency: [164, 2] })]);
  const cells = heatCells(given, window, 14 * SECOND);
  it('sums the sketch in bands of a quarter of an octave, from the shortest to the longest', () => {
    expect(cells.counts[1]?.slice(0, 2)).toEqual([7, 0]);
    expect(cells.counts[1]?.at(-1)).toBe(1);
    expect(cells.counts[2]?.slice(0, 2)).toEqual([0, 2]);
    expect(cells.most).toBe(7);
    expect(cells.edges.length).toBe((cells.counts[1]?.length ?? 0) + 1);
    expect([...cells.edges].sort((a, b) => a - b)).toEqual(cells.edges);
  });
  it('tells nothing apart from not known', () => {
    expect(cells.counts[0]?.every((count) => count === 0)).toBe(true);
    expect(cells.counts[3]).toBeNull();
    expect(heatCells(traffic([]), window, 20 * SECOND).edges).toEqual([]);
  });
  it('says what a cell is', () => {
    expect(heatMark(cells, 0.3, 0.01)).toContain('7 calls');
    expect(heatMark(cells, 0.9, 0.01)).toContain('not known yet');
    expect(heatMark(cells, 0.3, 1.2)).toBeNull();
  });
});

describe('the parts of a split', () => {
  const node = (id: string, kind: Node['kind'], parent: string | null = null): Node => ({
    ...{ id, kind, name: id, parent, address: null, monitored: true, state: null, firstSeen: 0, lastSeen: 0 },
  });
  const link = (id: string, source: string, target: string, count: number, operation: string | null = null) => ({
    ...{ id, source, target, operation, count, faults: 0, errors: 0, requestBytes: 0, replyBytes: 0 },
    ...{ p50Micros: null, p95Micros: null, p99Micros: null },
  });
  const topology: Topology = {
    window,
    level: 'endpoint',
    nodes: [
      node('till', 'client', 'desk'),
      node('desk', 'machine'),
      node('bank', 'server'),
      node('pay', 'endpoint', 'bank'),
    ],
    links: [link('a', 'till', 'pay', 5, 'Pay'), link('b', 'bank', 'pay', 9, 'Pay'), link('c', 'till', 'pay', 1, 'Ask')],
  };
  it('are the busiest links, nodes that are called, operations, and clients that call', () => {
    const names = (split: 'link' | 'node' | 'operation' | 'client') =>
      partsOf(topology, split).map(({ name, count }) => `${name} ${count}`);
    expect(names('link')).toEqual(['bank → bank · pay 9', 'till (desk) → bank · pay 5', 'till (desk) → bank · pay 1']);
    expect(names('node')).toEqual(['bank · pay 15']);
    expect(names('operation')).toEqual(['Pay 14', 'Ask 1']);
    expect(names('client')).toEqual(['till (desk) 6']);
  });
  it('stand in the address, and what makes no sense does not', () => {
    expect(readChartsSearch({ split: 'link', measure: 'latency' })).toEqual({ split: 'link', measure: 'latency' });
    expect(readChartsSearch({ split: 'galaxy', measure: 'rate' })).toEqual({});
    expect(readChartsSearch({ values: 'rate,heat' })).toEqual({ values: 'rate,heat' });
  });
});

describe('the tables that are open', () => {
  it('stand in the address, whatever the parts are called', () => {
    const strange = ['a,b', '100 %', '{urn:x}book?', '%'];
    const text = strange.reduce<string | undefined>(withTable, undefined);
    expect([...openTables(text)]).toEqual(strange);
    expect(strange.reduce(withTable, text)).toBeUndefined();
    expect([...openTables('%,rate')]).toEqual(['%', 'rate']);
  });
});

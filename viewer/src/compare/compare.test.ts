import {
  type Comparison,
  compareLinks,
  countExchange,
  type Figures,
  type LinkFigures,
  noFigures,
  shownFigures,
} from '@soa-monitor/protocol';
import { describe, expect, it } from 'vitest';
import { changesOf } from './changes-of.ts';
import { earlier, otherWindow, readCompareSearch } from './compare-search.ts';
import { intervalWords, rateChange, shareWords } from './compare-words.ts';
import { comparedRows } from './compared-rows.ts';
import { csvOfComparison } from './comparison-file.ts';

const MINUTE = 60_000_000;
const calls = (count: number, faults: number, durationMicros: number): Figures => {
  const figures = noFigures();
  for (let index = 0; index < count; index++) {
    const outcome = index < faults ? 'fault' : 'ok';
    countExchange(figures, { outcome, durationMicros: durationMicros + index, requestBytes: 1, replyBytes: 1 }, 1);
  }
  return figures;
};
const side = (links: Readonly<Record<string, Figures>>) => ({
  seconds: 60,
  links: Object.entries(links).map(([id, figures]) => {
    const link: LinkFigures = { id, source: `from-${id}`, target: 'bank', operation: null, ...shownFigures(figures) };
    return { link, figures };
  }),
});
const comparison: Comparison = {
  window: { from: 0, to: MINUTE },
  window2: { from: MINUTE, to: 2 * MINUTE },
  level: 'endpoint',
  nodes: [],
  ...compareLinks(
    side({
      same: calls(400, 4, 1_000),
      slow: calls(400, 4, 1_000),
      broken: calls(400, 4, 1_000),
      few: calls(5, 0, 1_000),
      gone: calls(50, 0, 1_000),
      fleeting: calls(1, 0, 1_000),
    }),
    side({
      same: calls(400, 4, 1_000),
      slow: calls(400, 4, 90_000),
      broken: calls(400, 200, 1_000),
      few: calls(4, 1, 9_000),
      added: calls(50, 0, 1_000),
    }),
  ),
};
const rows = comparedRows(comparison);

describe('two windows compared', () => {
  it('lists what was added, what is gone, what is worse, and claims nothing of few calls', () => {
    expect(rows.map(({ link, change, words }) => [link, change, words.join()])).toEqual([
      ['added', 'added', ''],
      ['gone', 'gone', ''],
      ['broken', 'changed', 'fails more'],
      ['slow', 'changed', 'slower'],
      ['fleeting', 'gone', 'so few calls that it may be chance'],
      ['few', 'tooLittle', ''],
      ['same', 'same', ''],
    ]);
  });
  it('marks on the map what became otherwise, and the nodes that only stand at such links', () => {
    const { links, nodes } = changesOf(rows);
    expect(Object.fromEntries(links)).toEqual({
      ...{ added: 'added', gone: 'gone', fleeting: 'gone', broken: 'changed', slow: 'changed' },
    });
    expect(Object.fromEntries(nodes)).toEqual({
      ...{ 'from-added': 'added', 'from-gone': 'gone', 'from-fleeting': 'gone' },
    });
  });
  it('tells the intervals in words and in a file', () => {
    const broken = rows.find(({ link }) => link === 'broken');
    expect(shareWords(broken?.difference?.faultShare ?? null)).toMatch(
      /^\+49 points \(\+4\d(\.\d)? to \+5\d(\.\d)?\)$/,
    );
    expect(intervalWords(null)).toBe('too few calls');
    expect([rateChange(2, 3), rateChange(0, 3), rateChange(2, 1)].map((words) => words.replace('\u202f', ' '))).toEqual(
      ['+50 %', '', '−50 %'],
    );
    const [head, first] = csvOfComparison(rows).split('\r\n');
    expect(head?.split(',')).toHaveLength(16);
    expect(first).toMatch(/^from-added → bank,added,,,50,,0\.83/);
  });
  it('compares with the stretch just before unless told otherwise, and with what the address says', () => {
    const shown = { from: 10 * MINUTE, to: 15 * MINUTE };
    expect(otherWindow(readCompareSearch({}), shown)).toEqual({ from: 5 * MINUTE, to: 10 * MINUTE });
    expect(otherWindow(readCompareSearch({ from2: '7', to2: 9 }), shown)).toEqual({ from: 7, to: 9 });
    expect(readCompareSearch({ from2: '9', to2: '7', all: 'no' })).toEqual({});
    expect(earlier(shown, 60 * MINUTE)).toEqual({ from: 0, to: 1 });
  });
});

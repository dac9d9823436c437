import { type CsvCell, csvText } from '../charts/csv-text.ts';
import { CHANGE_WORDS } from './compare-words.ts';
import type { ComparedRow } from './compared-rows.ts';

/** The comparison as it is listed, with the intervals in numbers. */
export const csvOfComparison = (rows: readonly ComparedRow[]): string => csvText([HEAD, ...rows.map(cellsOf)]);

const HEAD = [
  ...['link', 'change', 'what', 'calls before', 'calls after', 'per second before', 'per second after'],
  ...['failed share before', 'failed share after', 'difference', 'difference low', 'difference high'],
  ...['p95 before low (µs)', 'p95 before high (µs)', 'p95 after low (µs)', 'p95 after high (µs)'],
];

const cellsOf = ({ name, change, words, before, after, rateBefore, rateAfter, difference }: ComparedRow): CsvCell[] => [
  ...[name, CHANGE_WORDS[change].word, words.join(', ')],
  ...[before?.count ?? null, after?.count ?? null, rateBefore, rateAfter],
  ...[difference?.faultShareBefore ?? null, difference?.faultShareAfter ?? null],
  ...[
    difference?.faultShare?.difference ?? null,
    difference?.faultShare?.low ?? null,
    difference?.faultShare?.high ?? null,
  ],
  ...[difference?.p95Before?.low ?? null, difference?.p95Before?.high ?? null],
  ...[difference?.p95After?.low ?? null, difference?.p95After?.high ?? null],
];

import { seededRandom } from '@soa-monitor/protocol';
import { cover, type Row } from './cover.ts';
import type { Scenario } from './trial.ts';

export interface Case {
  readonly group: string;
  readonly row: Row;
  /** Says what it is, and finds it again with --only. */
  readonly name: string;
}

/** The cases of all scenarios for a seed. The same seed gives the same cases in the same order. */
export function generateCases(scenarios: readonly Scenario[], seed: number): Case[] {
  return scenarios.flatMap(({ group, dimensions, strength, isPossible }) =>
    cover(dimensions, strength, isPossible, seededRandom(seed)).map((row) => ({
      group,
      row,
      name: `${group}: ${Object.entries(row)
        .map(([name, value]) => `${name}=${value}`)
        .join('; ')}`,
    })),
  );
}

/** Those whose names contain every word of the filter. */
export const only = (cases: readonly Case[], filter: string | null): Case[] =>
  cases.filter(({ name }) => filter === null || filter.split(' ').every((word) => name.includes(word)));

/** `count` of them, evenly spread. */
export const sample = <Item>(items: readonly Item[], count: number): Item[] =>
  items.filter((_item, i) => Math.floor((i * count) / items.length) !== Math.floor(((i - 1) * count) / items.length));

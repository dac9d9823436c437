/**
 * What is looked for: `node:bank* and (faults > 1% or p95 > 300ms) and not client:*`. `at` is the column where a part begins, from 0.
 */
export type Expression =
  | { readonly kind: 'and' | 'or'; readonly left: Expression; readonly right: Expression }
  | { readonly kind: 'not'; readonly of: Expression }
  /** A word alone: somewhere in a name. */
  | { readonly kind: 'word'; readonly text: string }
  | { readonly kind: 'name'; readonly field: Field; readonly pattern: string }
  | { readonly kind: 'measure'; readonly measure: Measure; readonly compare: Compare; readonly quantity: Quantity };

export const FIELDS = {
  node: 'any node by its name',
  machine: 'what runs on a machine',
  server: 'a server and its endpoints',
  endpoint: 'an endpoint by its path',
  client: 'a caller by its name',
  outside: 'what nobody reports',
  operation: 'calls by what they are for',
  from: 'calls by their caller',
  to: 'calls by whom they reach',
  state: 'up, down, degraded …',
} as const;
export type Field = keyof typeof FIELDS;

/** Figures of the minute before the moment shown, and the units in which each can be told. */
export const MEASURES = {
  calls: { words: 'calls that ended', units: ['count'] },
  rate: { words: 'calls per time', units: ['rate'] },
  p95: { words: 'slower than this were 5 %', units: ['time'] },
  faults: { words: 'SOAP faults', units: ['share', 'count'] },
  errors: { words: 'refused, timeouts, HTTP errors …', units: ['share', 'count'] },
  failed: { words: 'faults and errors', units: ['share', 'count'] },
  inflight: { words: 'calls that still run', units: ['count'] },
} as const satisfies Record<string, { readonly words: string; readonly units: readonly Unit[] }>;
export type Measure = keyof typeof MEASURES;

export const COMPARES = ['>=', '<=', '!=', '>', '<', '='] as const;
export type Compare = (typeof COMPARES)[number];

/** share: 0 to 1; time: µs; rate: per second. */
export type Unit = 'count' | 'share' | 'time' | 'rate';

export interface Quantity {
  readonly unit: Unit;
  readonly value: number;
}

export const isField = (word: string): word is Field => Object.hasOwn(FIELDS, word);
export const isMeasure = (word: string): word is Measure => Object.hasOwn(MEASURES, word);

import { REPORT_LIMITS, type Schema, type Window } from '@soa-monitor/protocol';
import { DURATION_TEXT, microsOfDuration, microsOfTime } from './time-texts.ts';

/**
 * Reads the parameters of one request and gathers the reasons why some cannot be taken. It also keeps what it was asked
 * for: read with nothing given, a route's decoder tells what openapi.json says of it, so the two cannot drift apart.
 */
export interface Parameters {
  /** A part of the path. */
  id(name: string): string;
  /** Half-open; the last 15 minutes when nothing is given. */
  window(from?: string, to?: string): Window;
  time(name: string, description: string): number | null;
  duration(name: string, description: string): number | null;
  count(name: string, bounds: { readonly default: number; readonly max: number }, description: string): number;
  oneOf<const Value extends string>(name: string, values: readonly Value[], description: string): Value | null;
  /** Several of them, joined by commas. */
  someOf<const Value extends string>(
    name: string,
    values: readonly Value[],
    description: string,
  ): readonly Value[] | null;
  /** What the page before gave; null begins. */
  cursor(): string | null;
  text(name: string, maxLength: number, description: string): string | null;
  refuse(reason: string): void;
  /** Why the request is refused; empty when it is not. Ask after all has been read. */
  reasons(): readonly string[];
  asked(): readonly Asked[];
}

export interface Asked {
  readonly name: string;
  readonly in: 'query' | 'path';
  readonly description: string;
  readonly schema: Schema;
}

const WINDOW_MICROS = 15 * 60 * 1_000_000;
/** Places in an order: whole numbers, joined by points. */
const CURSOR = /^\d{1,16}(\.\d{1,16})?$/;
/** Ids are hashes or made of them: letters, digits and a few signs that need no escaping. */
const ID = /^[\w.:~-]{1,64}$/;

export function readParameters(
  path: { readonly [name: string]: unknown },
  search: URLSearchParams,
  now: number,
): Parameters {
  const reasons: string[] = [];
  const asked: Asked[] = [];

  const given = (name: string, schema: Schema, description: string): string | null => {
    asked.push({ name, in: 'query', schema, description });
    const values = search.getAll(name);
    if (values.length > 1) reasons.push(`${name} is given ${values.length} times`);
    const [value] = values;
    return value === undefined || value === '' ? null : value;
  };

  const time = (name: string, description: string): number | null => {
    const text = given(name, { type: 'string', description: 'Epoch µs or ISO 8601' }, description);
    if (text === null) return null;
    const micros = microsOfTime(text);
    if (micros === null || micros > REPORT_LIMITS.timeMicros) reasons.push(`${name} is neither epoch µs nor ISO 8601`);
    return micros;
  };

  return {
    id(name) {
      asked.push({
        name,
        in: 'path',
        schema: { type: 'string', maxLength: 64, pattern: ID.source },
        description: 'An id',
      });
      const value = path[name];
      if (typeof value === 'string' && ID.test(value)) return value;
      reasons.push(`${name} is no id`);
      return '';
    },
    window(fromName = 'from', toName = 'to') {
      const from = time(fromName, 'Beginning of the window; 15 minutes before its end unless given');
      const to = time(toName, 'End of the window, not in it; now unless given') ?? Math.max(now, (from ?? 0) + 1);
      const window = { from: from ?? Math.max(0, to - WINDOW_MICROS), to };
      if (window.from >= window.to) reasons.push(`${fromName} is not before ${toName}`);
      return window;
    },
    time,
    duration(name, description) {
      const text = given(name, { type: 'string', description: DURATION_TEXT }, description);
      const micros = text === null ? null : microsOfDuration(text);
      if (text !== null && micros === null) reasons.push(`${name} is no duration: ${DURATION_TEXT}`);
      return micros;
    },
    count(name, bounds, description) {
      const schema = { type: 'integer', minimum: 1, maximum: bounds.max } as const;
      const text = given(name, schema, `${description}; ${bounds.default} unless given`);
      if (text === null) return bounds.default;
      const value = /^\d{1,15}$/.test(text) ? Number(text) : 0;
      if (value < 1 || value > bounds.max) reasons.push(`${name} is no number from 1 to ${bounds.max}`);
      return value;
    },
    oneOf(name, values, description) {
      const text = given(name, { enum: values }, description);
      const found = values.find((value) => value === text) ?? null;
      if (text !== null && found === null) reasons.push(`${name} is none of ${values.join(', ')}`);
      return found;
    },
    someOf(name, values, description) {
      const text = given(name, { type: 'string', maxLength: 200 }, `${description}: ${values.join(', ')}`);
      if (text === null) return null;
      const names = text.split(',');
      const found = values.filter((value) => names.includes(value));
      if (found.length !== new Set(names).size)
        reasons.push(`${name} is none of ${values.join(', ')}, nor several of them joined by commas`);
      return found;
    },
    text(name, maxLength, description) {
      const text = given(name, { type: 'string', maxLength }, description);
      if (text !== null && text.length > maxLength) reasons.push(`${name} is longer than ${maxLength} characters`);
      return text;
    },
    cursor() {
      const text = given('cursor', { type: 'string', maxLength: 64 }, "The last page's cursor, for the next one");
      if (text !== null && !CURSOR.test(text)) reasons.push('cursor is none that a page gave');
      return text;
    },
    refuse: (reason) => void reasons.push(reason),
    reasons() {
      const names = new Set(asked.map(({ name }) => name));
      const strange = [...new Set(search.keys())].filter((name) => !names.has(name));
      return [...reasons, ...strange.slice(0, 10).map((name) => `there is no parameter ${name.slice(0, 40)}`)];
    },
    asked: () => asked,
  };
}

import type { Quantity, Unit } from './expression.ts';

/** "300ms", "1.5 %", "5/s": a number with its unit. A bare number takes the measure's own. Null: no quantity. */
export function quantityOf(text: string, units: readonly Unit[]): Quantity | null {
  const found = /^(\d{1,12}(?:\.\d{1,6})?)(%|us|µs|ms|s|min|h|\/s|\/min|\/h)?$/.exec(text.toLowerCase());
  if (found === null) return null;
  const value = Number(found[1]);
  if (found[2] === undefined) {
    const unit = units.includes('count') ? 'count' : units[0];
    // A bare number of a time would be a guess between ms and s.
    return unit === undefined || unit === 'time' || unit === 'share' ? null : { unit, value };
  }
  const written = WRITTEN[found[2]];
  return written === undefined || !units.includes(written.unit)
    ? null
    : { unit: written.unit, value: value * written.factor };
}

/** What a quantity of these units looks like, for who must write one. */
export const examplesOf = (units: readonly Unit[]): readonly string[] => units.flatMap((unit) => EXAMPLES[unit]);

const WRITTEN: Readonly<Record<string, { readonly unit: Unit; readonly factor: number }>> = {
  '%': { unit: 'share', factor: 0.01 },
  us: { unit: 'time', factor: 1 },
  µs: { unit: 'time', factor: 1 },
  ms: { unit: 'time', factor: 1_000 },
  s: { unit: 'time', factor: 1_000_000 },
  min: { unit: 'time', factor: 60_000_000 },
  h: { unit: 'time', factor: 3_600_000_000 },
  '/s': { unit: 'rate', factor: 1 },
  '/min': { unit: 'rate', factor: 1 / 60 },
  '/h': { unit: 'rate', factor: 1 / 3_600 },
};

const EXAMPLES: Readonly<Record<Unit, readonly string[]>> = {
  count: ['0', '10'],
  share: ['1%', '5%'],
  time: ['300ms', '1s'],
  rate: ['1/s', '10/min'],
};

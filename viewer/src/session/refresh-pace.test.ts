import { expect, it } from 'vitest';
import { createRefreshPace } from './refresh-pace.ts';

const turns = (count: number, pace: ReturnType<typeof createRefreshPace>, isCalm: boolean) =>
  Array.from({ length: count }, () => pace(isCalm, false));

it('tells all at each turn while somebody is there', () => {
  expect(new Set(turns(20, createRefreshPace(), false))).toEqual(new Set(['all']));
});

it('tells the time each second and figures every other one where nobody is, and all at once when somebody comes', () => {
  const pace = createRefreshPace();
  expect(turns(16, pace, true).filter((turn) => turn !== 'clock')).toEqual(['time', 'all', 'time', 'all']);
  expect(turns(3, pace, true)).toEqual(['clock', 'clock', 'clock']);
  expect(pace(false, false)).toBe('all');
});

it('tells news at the next turn, also where nobody is', () => {
  const pace = createRefreshPace();
  expect(turns(2, pace, true)).toEqual(['clock', 'clock']);
  expect(pace(true, true)).toBe('all');
});

import { describe, expect, it } from 'vitest';
import { createFlightBoard } from './flight-board.ts';
import type { FlightBatch } from './messages.ts';

const T0 = 1_700_000_000_000_000;
const SECOND = 1_000_000;

/** Calls that take 2 ms and end well, begun so many seconds after T0. */
function calls(...begun: readonly (readonly [id: string, seconds: number])[]): FlightBatch {
  return {
    ids: begun.map(([id]) => id),
    times: Float64Array.from(
      begun.flatMap(([, seconds]) => {
        const at = T0 + seconds * SECOND;
        return [at, at + 500, at + 1_500, at + 2_000, 2_000];
      }),
    ),
    links: Int32Array.from(begun, () => 0),
    outcomes: Int8Array.from(begun, () => 7),
  };
}

describe('the flight board', () => {
  const board = () => {
    const created = createFlightBoard();
    const seen = (seconds: number, speed = 1): string =>
      [...created.at(T0 + seconds * SECOND, speed)]
        .map((one) => one.id)
        .sort()
        .join('');
    return { ...created, seen };
  };

  it('shows each exchange from its first message to the landing of its last', () => {
    const { put, seen } = board();
    put(calls(['b', 2], ['a', 1]));
    expect([0, 1, 1.5, 1.81, 2.1, 3].map((at) => seen(at))).toEqual(['', 'a', 'a', '', 'b', '']);
  });
  it('shows the same backwards, after a leap, and at another speed', () => {
    const { put, seen } = board();
    put(calls(['a', 1], ['b', 2], ['c', 3]));
    expect([3.5, 2.1, 1.1, 3.1, 0].map((at) => seen(at))).toEqual(['c', 'b', 'a', 'c', '']);
    expect(seen(3.5, 10)).toBe('abc');
    expect(seen(2.01, 0.1)).toBe('b');
    expect(seen(2.1, 0.1)).toBe('');
  });
  it('takes what comes late, in mid-flight or over, and what comes early', () => {
    const { put, seen } = board();
    expect(seen(5)).toBe('');
    put(calls(['late', 4.7], ['over', 1], ['early', 6]));
    expect([5, 5.6, 6.1].map((at) => seen(at))).toEqual(['late', '', 'early']);
  });
  it('takes the newer of two tellings of one exchange', () => {
    const { put, seen } = board();
    put(calls(['a', 1]));
    expect(seen(1.1)).toBe('a');
    put(calls(['a', 9]));
    expect([1.2, 9.1].map((at) => seen(at))).toEqual(['', 'a']);
  });
  it('shows nothing of what was merged away', () => {
    const { put, remove, seen } = board();
    put(calls(['a', 1], ['b', 1]));
    remove(['a', 'unheard']);
    expect(seen(1.1)).toBe('b');
  });
  it('knows when it will next be needed', () => {
    const { put, seen, nextBegins } = board();
    put(calls(['b', 9], ['a', 4]));
    seen(1);
    expect(nextBegins()).toBe(T0 + 4 * SECOND);
    seen(20);
    expect(nextBegins()).toBe(Number.POSITIVE_INFINITY);
  });
});

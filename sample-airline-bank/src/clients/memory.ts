import type { AirlineName } from './choices.ts';

/** What one client knows of the estate, from the answers so far. */
export type Memory = {
  readonly openAccounts: Set<string>;
  /** The last balance that was seen, by account, in cents. */
  readonly balances: Map<string, number>;
  readonly flights: Record<AirlineName, readonly string[]>;
  rememberBooking(airline: AirlineName, booking: string): void;
  /** Takes one out, so that no two calls cancel the same. */
  takeBooking(airline: AirlineName, pick: number): string | undefined;
};

/** Older bookings are forgotten: they are flown, or found again by listing an account's bookings. */
const BOOKINGS_MAX = 300;

export function createMemory(): Memory {
  const bookings: Record<AirlineName, Set<string>> = { 'airline-a': new Set(), 'airline-b': new Set() };
  return {
    openAccounts: new Set(),
    balances: new Map(),
    flights: { 'airline-a': [], 'airline-b': [] },
    rememberBooking(airline, booking) {
      const known = bookings[airline].add(booking);
      const [oldest] = known;
      if (known.size > BOOKINGS_MAX && oldest !== undefined) known.delete(oldest);
    },
    takeBooking(airline, pick) {
      const booking = picked([...bookings[airline]], pick);
      if (booking !== undefined) bookings[airline].delete(booking);
      return booking;
    },
  };
}

export function picked<Item>(items: readonly Item[], pick: number): Item | undefined {
  return items[Math.floor(pick * items.length)];
}

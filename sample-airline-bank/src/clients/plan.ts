import type { AirlineName, Choice } from './choices.ts';
import type { Customer } from './customer.ts';
import { type Memory, picked } from './memory.ts';

export type Target = 'bank' | AirlineName;

/** One call to make now. */
export type PlannedCall = {
  readonly target: Target;
  readonly operation: string;
  readonly request: Readonly<Record<string, string | number>>;
  readonly malformed: boolean;
};

const PAYDAY_CENTS = 250_000;
/** Whoever holds more is not paid but asked: balances stay bounded however long the estate runs. */
const RICH_CENTS = 2_000_000;

/** What a choice comes to, given what the client knows: always exactly one call. */
export function planCall(choice: Choice, customer: Customer, memory: Memory, newReference: () => string): PlannedCall {
  const { wish, airline, pick } = choice;
  const { account, owner, openingCents } = customer;
  if (wish === 'listFlights') return call(airline, 'listFlights', {});
  if (wish === 'sendMalformed') return { ...malformedCall(airline, account, pick), malformed: true };
  if (!memory.openAccounts.has(account)) return call('bank', 'openAccount', { account, owner, openingCents });
  if (wish === 'balance') return call('bank', 'balance', { account });
  if (wish === 'deposit') {
    if ((memory.balances.get(account) ?? 0) > RICH_CENTS) return call('bank', 'balance', { account });
    return call('bank', 'deposit', { account, amountCents: PAYDAY_CENTS, reference: newReference() });
  }
  if (wish === 'cancel') {
    const booking = memory.takeBooking(airline, pick);
    if (booking !== undefined) return call(airline, 'cancel', { booking });
  }
  if (wish === 'cancel' || wish === 'listBookings') return call(airline, 'listBookings', { account });
  const flight = picked(memory.flights[airline], pick);
  return flight === undefined ? call(airline, 'listFlights', {}) : call(airline, 'book', { flight, account });
}

function call(target: Target, operation: string, request: PlannedCall['request']): PlannedCall {
  return { target, operation, request, malformed: false };
}

/** The bank and the airlines in turn: each stack gets its share of what no stack can read. */
function malformedCall(airline: AirlineName, account: string, pick: number): PlannedCall {
  return pick < 0.3 ? call('bank', 'balance', { account }) : call(airline, 'listBookings', { account });
}

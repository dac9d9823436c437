import { listField, textField, wholeNumberField } from '../soap/fields.ts';
import type { Answer } from '../soap/outcome.ts';
import type { Memory } from './memory.ts';
import type { PlannedCall } from './plan.ts';

/** Remembers what an answer told. */
export function learn(memory: Memory, { target, operation, request }: PlannedCall, answer: Answer): void {
  const account = textField(request, 'account');
  if (target === 'bank') {
    // An account that the bank lost with its data is opened again.
    if (account !== undefined && answer.kind === 'fault' && answer.name === 'UnknownAccount')
      memory.openAccounts.delete(account);
    if (account === undefined || answer.kind !== 'ok') return;
    if (operation === 'openAccount') memory.openAccounts.add(account);
    memory.balances.set(account, wholeNumberField(answer.body, 'balanceCents') ?? 0);
    return;
  }
  if (answer.kind === 'fault' && operation === 'book') {
    if (answer.name === 'UnknownAccount' && account !== undefined) memory.openAccounts.delete(account);
    // The list is out of date: the next booking asks for a new one.
    if (answer.name === 'SoldOut' || answer.name === 'UnknownFlight') memory.flights[target] = [];
  }
  if (answer.kind !== 'ok') return;
  if (operation === 'listFlights') memory.flights[target] = textsOf(answer.body, 'flight');
  if (operation === 'listBookings') {
    for (const booking of textsOf(answer.body, 'booking')) memory.rememberBooking(target, booking);
  }
  const booked = operation === 'book' ? textField(answer.body, 'booking') : undefined;
  if (booked !== undefined) memory.rememberBooking(target, booked);
}

/** In both lists the element that repeats and the field that identifies it have the same name. */
function textsOf(body: unknown, name: 'flight' | 'booking'): string[] {
  return listField(body, name).flatMap((item) => textField(item, name) ?? []);
}

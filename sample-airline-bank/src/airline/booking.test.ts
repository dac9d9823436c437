import { describe, expect, test } from 'vitest';
import { firstFlight, stacks, startAirline, startBank } from '../estate-under-test.ts';
import type { Call } from '../soap/call.ts';

const FARE = 10_000;

async function bankWith(account: string, cents: number) {
  const bank = await startBank();
  bank.accounts.open(account, account, cents);
  return bank;
}

function seatsFree({ ledger }: { ledger: { flights(): readonly { flight: string; seatsFree: number }[] } }) {
  return ledger.flights().find(({ flight }) => flight === firstFlight)?.seatsFree ?? 0;
}

describe.each(stacks)('an airline on $name', (stack) => {
  test('books a seat, takes the fare, and lists the booking', async () => {
    const bank = await bankWith('anna', 50_000);
    const airline = await startAirline(stack, bank.url);
    const flights = await airline.call('listFlights', {});
    expect(flights).toMatchObject({
      kind: 'ok',
      body: { flight: [{ flight: firstFlight, fareCents: FARE, seatsFree: 2 }] },
    });
    const booked = await airline.call('book', { flight: firstFlight, account: 'anna' });
    expect(booked).toMatchObject({ kind: 'ok', body: { booking: 'TT-test-1', fareCents: FARE } });
    expect(bank.accounts.balance('anna')).toBe(50_000 - FARE);
    const bookings = await airline.call('listBookings', { account: 'anna' });
    expect(bookings).toMatchObject({ kind: 'ok', body: { booking: [{ booking: 'TT-test-1', flight: firstFlight }] } });
  });

  test('sells the last seat once, however many ask at the same time', async () => {
    const bank = await bankWith('anna', 500_000);
    const airline = await startAirline(stack, bank.url);
    await airline.call('book', { flight: firstFlight, account: 'anna' });
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => airline.call('book', { flight: firstFlight, account: 'anna' })),
    );
    expect(answers.filter(({ kind }) => kind === 'ok')).toHaveLength(1);
    expect(answers.filter((answer) => answer.kind === 'fault' && answer.name === 'SoldOut')).toHaveLength(7);
    expect(bank.accounts.balance('anna')).toBe(500_000 - 2 * FARE);
  });

  test('passes on that the funds do not suffice as its own declared fault, and frees the seat', async () => {
    const bank = await bankWith('otto', FARE - 1);
    const airline = await startAirline(stack, bank.url);
    const answer = await airline.call('book', { flight: firstFlight, account: 'otto' });
    expect(answer).toMatchObject({
      kind: 'fault',
      name: 'InsufficientFunds',
      detail: { account: 'otto', balanceCents: String(FARE - 1), neededCents: String(FARE) },
    });
    expect(seatsFree(airline)).toBe(2);
    expect(bank.accounts.balance('otto')).toBe(FARE - 1);
  });

  test('passes on a refusal that comes only when the money is taken', async () => {
    const bank = await bankWith('otto', FARE);
    const spendBetween =
      (call: Call): Call =>
      async (operation, request) => {
        if (operation === 'withdraw') bank.accounts.withdraw({ account: 'otto', amountCents: 1, reference: 'sweets' });
        return call(operation, request);
      };
    const airline = await startAirline(stack, bank.url, { around: spendBetween });
    const answer = await airline.call('book', { flight: firstFlight, account: 'otto' });
    expect(answer).toMatchObject({
      kind: 'fault',
      name: 'InsufficientFunds',
      detail: { balanceCents: String(FARE - 1) },
    });
    expect(seatsFree(airline)).toBe(2);
  });

  test('passes on that the bank does not know the account', async () => {
    const bank = await startBank();
    const airline = await startAirline(stack, bank.url);
    const answer = await airline.call('book', { flight: firstFlight, account: 'nobody' });
    expect(answer).toMatchObject({ kind: 'fault', name: 'UnknownAccount', detail: { account: 'nobody' } });
  });

  test('answers a fault when the bank is down, and the seat is free again', async () => {
    const airline = await startAirline(stack, await addressOfNobody());
    const answer = await airline.call('book', { flight: firstFlight, account: 'anna' });
    expect(answer).toMatchObject({ kind: 'fault', name: 'BankUnavailable' });
    expect(seatsFree(airline)).toBe(2);
    expect(airline.ledger.unsettled(10)).toEqual([]);
  });

  test('refunds a cancelled booking once, however often it is cancelled', async () => {
    const bank = await bankWith('anna', 50_000);
    const airline = await startAirline(stack, bank.url);
    await airline.call('book', { flight: firstFlight, account: 'anna' });
    await Promise.all(Array.from({ length: 5 }, () => airline.call('cancel', { booking: 'TT-test-1' })));
    expect(bank.accounts.balance('anna')).toBe(50_000);
    expect(seatsFree(airline)).toBe(2);
    expect(await airline.call('cancel', { booking: 'TT-test-1' })).toMatchObject({
      kind: 'fault',
      name: 'UnknownBooking',
    });
    expect(bank.accounts.balance('anna')).toBe(50_000);
  });

  test('owes the refund while the bank is silent, and pays it once when it answers', async () => {
    const bank = await bankWith('anna', 50_000);
    const line = lossyLine('deposit');
    const airline = await startAirline(stack, bank.url, { around: line.around });
    await airline.call('book', { flight: firstFlight, account: 'anna' });
    // The bank does pay, but its answer is lost: the airline cannot know.
    line.lossy = true;
    expect(await airline.call('cancel', { booking: 'TT-test-1' })).toMatchObject({ name: 'BankUnavailable' });
    expect(seatsFree(airline)).toBe(2);
    line.lossy = false;
    await airline.desk.settle();
    await airline.desk.settle();
    expect(bank.accounts.balance('anna')).toBe(50_000);
    expect(airline.ledger.unsettled(10)).toEqual([]);
  });

  test('gives back a fare that was taken by a call whose answer was lost', async () => {
    const bank = await bankWith('anna', 50_000);
    const line = lossyLine('withdraw');
    const airline = await startAirline(stack, bank.url, { around: line.around });
    line.lossy = true;
    const answer = await airline.call('book', { flight: firstFlight, account: 'anna' });
    expect(answer).toMatchObject({ kind: 'fault', name: 'BankUnavailable' });
    expect(seatsFree(airline)).toBe(2);
    expect(bank.accounts.balance('anna')).toBe(50_000 - FARE);
    line.lossy = false;
    await airline.desk.settle();
    expect(bank.accounts.balance('anna')).toBe(50_000);
    expect(airline.ledger.unsettled(10)).toEqual([]);
  });

  test('settles at its next start a booking that it was killed in the middle of', async () => {
    const bank = await bankWith('anna', 50_000);
    const killed = await startAirline(stack, bank.url);
    const held = killed.ledger.reserve(firstFlight, 'anna');
    if (typeof held === 'string') throw new Error(held);
    bank.accounts.withdraw({ account: 'anna', amountCents: FARE, reference: held.booking });
    const restarted = await startAirline(stack, bank.url, { folder: killed.folder });
    expect(seatsFree(restarted)).toBe(2);
    await restarted.desk.settle();
    expect(bank.accounts.balance('anna')).toBe(50_000);
    expect(restarted.ledger.bookingsOf('anna', 10)).toEqual([]);
  });

  test('keeps its bookings over a restart', async () => {
    const bank = await bankWith('anna', 50_000);
    const before = await startAirline(stack, bank.url);
    await before.call('book', { flight: firstFlight, account: 'anna' });
    const after = await startAirline(stack, bank.url, { folder: before.folder });
    expect(await after.call('cancel', { booking: 'TT-test-1' })).toMatchObject({
      kind: 'ok',
      body: { refundedCents: FARE },
    });
  });
});

/** A line to the bank on which the answers to one operation can be lost. */
function lossyLine(operation: string) {
  const line = {
    lossy: false,
    around:
      (call: Call): Call =>
      async (called, request) => {
        const answer = await call(called, request);
        return line.lossy && called === operation ? { kind: 'timeout', reason: 'lost' } : answer;
      },
  };
  return line;
}

/** Nobody listens there any more. */
async function addressOfNobody(): Promise<string> {
  const bank = await startBank();
  bank.close();
  return bank.url;
}

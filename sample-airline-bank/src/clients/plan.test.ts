import { expect, test } from 'vitest';
import type { Choice } from './choices.ts';
import { customerOf } from './customer.ts';
import { learn } from './learn.ts';
import { createMemory } from './memory.ts';
import { planCall } from './plan.ts';

function choice(wish: Choice['wish']): Choice {
  return { wish, airline: 'airline-a', customer: 0, pick: 0 };
}

function plan(wish: Choice['wish'], memory = createMemory()) {
  return planCall(choice(wish), customerOf('kiosk', choice(wish)), memory, () => 'reference');
}

function memoryOf(account: string, balanceCents: number) {
  const memory = createMemory();
  learn(
    memory,
    { target: 'bank', operation: 'openAccount', request: { account }, malformed: false },
    {
      kind: 'ok',
      body: { balanceCents },
    },
  );
  return memory;
}

test('the first use of an account opens it', () => {
  expect(plan('book')).toMatchObject({ target: 'bank', operation: 'openAccount', request: { account: 'kiosk-01' } });
});

test('an account that the bank no longer knows is opened again', () => {
  const memory = memoryOf('kiosk-01', 0);
  learn(memory, plan('balance', memory), { kind: 'fault', name: 'UnknownAccount', detail: {} });
  expect(plan('balance', memory).operation).toBe('openAccount');
});

test('the broke customer opens an account with nothing in it', () => {
  expect(plan('bookBroke').request).toMatchObject({ account: 'kiosk-broke', openingCents: 0 });
});

test('a customer who is rich is asked for the balance and not paid: money does not grow without end', () => {
  expect(plan('deposit', memoryOf('kiosk-01', 1_000)).operation).toBe('deposit');
  expect(plan('deposit', memoryOf('kiosk-01', 3_000_000)).operation).toBe('balance');
});

test('who wants to book without knowing a flight asks for the flights', () => {
  const memory = memoryOf('kiosk-01', 1_000);
  expect(plan('book', memory)).toMatchObject({ target: 'airline-a', operation: 'listFlights' });
  learn(memory, plan('listFlights'), { kind: 'ok', body: { flight: { flight: 'AQ1' } } });
  expect(plan('book', memory)).toMatchObject({ operation: 'book', request: { flight: 'AQ1', account: 'kiosk-01' } });
  learn(memory, plan('book', memory), { kind: 'fault', name: 'SoldOut', detail: {} });
  expect(plan('book', memory).operation).toBe('listFlights');
});

test('no two calls cancel the same booking', () => {
  const memory = memoryOf('kiosk-01', 1_000);
  learn(memory, plan('listBookings', memory), { kind: 'ok', body: { booking: [{ booking: 'B1' }] } });
  expect(plan('cancel', memory)).toMatchObject({ operation: 'cancel', request: { booking: 'B1' } });
  expect(plan('cancel', memory).operation).toBe('listBookings');
});

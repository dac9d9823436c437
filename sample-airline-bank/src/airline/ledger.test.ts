import { expect, test } from 'vitest';
import { firstFlight, smallTimetable, temporaryFolder } from '../estate-under-test.ts';
import { type Booking, openLedger } from './ledger.ts';

function open(folder = temporaryFolder()) {
  return openLedger(folder, smallTimetable, '2027-01-01', () => 'test');
}

function held(booking: Booking | string): Booking {
  if (typeof booking === 'string') throw new Error(booking);
  return booking;
}

test('a route opens its next day when its newest is full', () => {
  const ledger = open();
  ledger.reserve(firstFlight, 'anna');
  ledger.reserve(firstFlight, 'anna');
  expect(ledger.reserve(firstFlight, 'anna')).toBe('soldOut');
  expect(ledger.flights().map(({ flight }) => flight)).toEqual(['TT1-2027-01-02']);
});

test('a thousand bookings leave the data of a few days', () => {
  const ledger = open();
  for (let count = 0; count < 1_000; count += 1) {
    const flight = ledger.flights()[0]?.flight ?? 'none';
    ledger.confirm(held(ledger.reserve(flight, 'anna')).booking);
  }
  expect(ledger.bookingsOf('anna', 2_000).length).toBeLessThanOrEqual(6);
  expect(ledger.flights()).toHaveLength(1);
});

test('a booking that is confirmed after its flight departed is gone with the next departure', () => {
  const ledger = open();
  const late = held(ledger.reserve(firstFlight, 'late'));
  const fill = () => {
    const flight = ledger.flights().at(-1)?.flight ?? 'none';
    ledger.confirm(held(ledger.reserve(flight, 'anna')).booking);
  };
  for (let count = 0; count < 5; count += 1) fill();
  ledger.confirm(late.booking);
  for (let count = 0; count < 4; count += 1) fill();
  expect(ledger.bookingsOf('late', 10)).toEqual([]);
});

test('a booking in doubt cannot be cancelled, so a fare that was never taken is never refunded', () => {
  const ledger = open();
  const { booking } = held(ledger.reserve(firstFlight, 'anna'));
  ledger.doubt(booking);
  expect(ledger.startRefund(booking)).toBeUndefined();
});

test.each(['', 'TT-test-', 'TT-test-x', 'TT-test-1.5', 'AQ-other-1', 'TT-test-999'])(
  'there is no booking %j',
  (booking) => {
    expect(open().startRefund(booking)).toBeUndefined();
  },
);

test('a ledger keeps the name of its references over a restart', () => {
  const folder = temporaryFolder();
  open(folder);
  const again = openLedger(folder, smallTimetable, '2028-01-01', () => 'other');
  expect(held(again.reserve(firstFlight, 'anna')).booking).toBe('TT-test-1');
});

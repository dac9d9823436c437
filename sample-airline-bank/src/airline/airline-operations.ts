import { textField } from '../soap/fields.ts';
import { declaredFault, done, type Operations, plainFault, type Reply } from '../soap/operation.ts';
import type { Booked, BookingDesk, Cancelled } from './booking-desk.ts';
import type { Ledger } from './ledger.ts';

const BOOKINGS_LISTED = 50;

/** The airline's contract: the same for both companies, whatever stack carries it. */
export function airlineOperations({ ledger, desk }: { ledger: Ledger; desk: BookingDesk }): Operations {
  return {
    listFlights: () => done({ flight: ledger.flights() }),
    async book(request) {
      const flight = textField(request, 'flight');
      const account = textField(request, 'account');
      if (flight === undefined || account === undefined) return notUnderstood();
      return replyToBook(await desk.book(flight, account), flight, account);
    },
    async cancel(request) {
      const booking = textField(request, 'booking');
      if (booking === undefined) return notUnderstood();
      return replyToCancel(await desk.cancel(booking), booking);
    },
    listBookings(request) {
      const account = textField(request, 'account');
      if (account === undefined) return notUnderstood();
      const bookings = ledger.bookingsOf(account, BOOKINGS_LISTED);
      return done({ booking: bookings.map(({ booking, flight, fareCents }) => ({ booking, flight, fareCents })) });
    },
  };
}

function replyToBook(booked: Booked, flight: string, account: string): Reply {
  switch (booked.kind) {
    case 'booked':
      return done({ booking: booked.booking.booking, fareCents: booked.booking.fareCents });
    case 'unknownFlight':
      return declaredFault('UnknownFlight', `There is no flight ${flight}.`, { flight });
    case 'soldOut':
      return declaredFault('SoldOut', `${flight} has no seat left.`, { flight });
    case 'insufficientFunds': {
      const { balanceCents, neededCents } = booked;
      return declaredFault('InsufficientFunds', `${account} does not hold the fare.`, {
        account,
        balanceCents,
        neededCents,
      });
    }
    case 'unknownAccount':
      return unknownAccount(account);
    case 'bankUnavailable':
      return bankUnavailable(account, 'The bank does not answer: nothing is booked.');
  }
}

function replyToCancel(cancelled: Cancelled, booking: string): Reply {
  switch (cancelled.kind) {
    case 'cancelled':
      return done({ refundedCents: cancelled.refundedCents });
    case 'unknownBooking':
      return declaredFault('UnknownBooking', `There is no booking ${booking}.`, { booking });
    case 'unknownAccount':
      return unknownAccount(cancelled.account);
    case 'bankUnavailable':
      return bankUnavailable(cancelled.account, 'The bank does not answer: the fare is refunded when it does.');
  }
}

function unknownAccount(account: string): Reply {
  return declaredFault('UnknownAccount', `The bank knows no account ${account}.`, { account });
}

function bankUnavailable(account: string, text: string): Reply {
  return declaredFault('BankUnavailable', text, { account }, 'Server');
}

function notUnderstood(): Reply {
  return plainFault('A field of the request is missing or out of bounds.');
}

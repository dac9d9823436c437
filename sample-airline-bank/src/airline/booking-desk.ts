import type { BankAnswer, BankDesk } from './bank-desk.ts';
import type { Booking, Ledger } from './ledger.ts';

export type Booked =
  | { readonly kind: 'booked'; readonly booking: Booking }
  | { readonly kind: 'insufficientFunds'; readonly balanceCents: number; readonly neededCents: number }
  | { readonly kind: 'unknownFlight' | 'soldOut' | 'unknownAccount' | 'bankUnavailable' };
export type Cancelled =
  | { readonly kind: 'cancelled'; readonly refundedCents: number }
  | { readonly kind: 'unknownBooking' }
  | { readonly kind: 'unknownAccount' | 'bankUnavailable'; readonly account: string };

export type BookingDesk = {
  /** A seat and its fare, or neither. */
  book(flight: string, account: string): Promise<Booked>;
  /** Frees the seat at once. When the bank does not answer the refund is owed, and settling pays it: once. */
  cancel(booking: string): Promise<Cancelled>;
  /** Brings what was left in the middle to its end; stops at the first that the bank does not answer. */
  settle(): Promise<void>;
};

const SETTLED_AT_ONCE = 50;

/** Selling seats for money that another company keeps. */
export function createBookingDesk({ ledger, bank }: { ledger: Ledger; bank: BankDesk }): BookingDesk {
  async function book(flight: string, account: string): Promise<Booked> {
    const held = ledger.reserve(flight, account);
    if (held === 'unknownFlight' || held === 'soldOut') return { kind: held };
    const balance = await bank.balance(account);
    if (balance.kind !== 'done') return refuse(held, balance, true);
    if (balance.balanceCents < held.fareCents) {
      return refuse(held, { kind: 'insufficientFunds', balanceCents: balance.balanceCents }, true);
    }
    const paid = await bank.withdraw(account, held.fareCents, held.booking);
    if (paid.kind !== 'done') return refuse(held, paid, paid.kind !== 'unclear');
    ledger.confirm(held.booking);
    return { kind: 'booked', booking: held };
  }

  function refuse(held: Booking, answer: Exclude<BankAnswer, { kind: 'done' }>, nothingTaken: boolean): Booked {
    if (nothingTaken) ledger.release(held.booking);
    else ledger.doubt(held.booking);
    if (answer.kind === 'insufficientFunds') return { ...answer, neededCents: held.fareCents };
    return { kind: answer.kind === 'unknownAccount' ? 'unknownAccount' : 'bankUnavailable' };
  }

  async function cancel(booking: string): Promise<Cancelled> {
    const owed = ledger.startRefund(booking);
    if (owed === undefined) return { kind: 'unknownBooking' };
    return refund(owed);
  }

  /** The reference is the booking's own, so two that refund the same booking pay it back once. */
  async function refund({ booking, account, fareCents }: Booking): Promise<Cancelled> {
    const { kind } = await bank.deposit(account, fareCents, `${booking}-refund`);
    if (kind !== 'done' && kind !== 'unknownAccount') return { kind: 'bankUnavailable', account };
    ledger.settled(booking);
    return kind === 'done' ? { kind: 'cancelled', refundedCents: fareCents } : { kind, account };
  }

  async function settle(): Promise<void> {
    for (const booking of ledger.unsettled(SETTLED_AT_ONCE)) {
      const settled = booking.state === 'undoing' ? await undo(booking) : (await refund(booking)).kind;
      if (settled === 'bankUnavailable') return;
    }
  }

  /**
   * Whether the fare was taken is found out by taking it again under the same reference, which the bank does once.
   * What is then known to be taken is given back.
   */
  async function undo(doubted: Booking): Promise<Cancelled['kind']> {
    const { kind } = await bank.withdraw(doubted.account, doubted.fareCents, doubted.booking);
    if (kind === 'unreachable' || kind === 'unclear') return 'bankUnavailable';
    if (kind === 'done') {
      ledger.owe(doubted.booking);
      return (await refund(doubted)).kind;
    }
    ledger.settled(doubted.booking);
    return 'cancelled';
  }

  return { book, cancel, settle };
}

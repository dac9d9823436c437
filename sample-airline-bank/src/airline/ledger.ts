import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { type Flight, openFlights } from './flights.ts';
import type { Timetable } from './timetable.ts';

export type Booking = {
  readonly booking: string;
  readonly flight: string;
  readonly account: string;
  readonly fareCents: number;
  readonly state: BookingState;
};
/**
 * taking: a seat is held and the bank is being asked · confirmed: paid · undoing: the seat is free again, whether the
 * bank took the fare is not known · refunding: the seat is free again, the fare is owed. A booking that is settled is
 * gone.
 */
type BookingState = 'taking' | 'confirmed' | 'undoing' | 'refunding';

export type Ledger = {
  flights(): readonly Flight[];
  /** Holds a seat, or says why not. Of two for the last seat one gets it. */
  reserve(flight: string, account: string): Booking | 'unknownFlight' | 'soldOut';
  /** False when the booking is no longer being taken. */
  confirm(booking: string): boolean;
  /** The seat is free again and nothing was paid: the booking is gone. */
  release(booking: string): void;
  /** The seat is free again; settling will find out whether the fare was taken. */
  doubt(booking: string): void;
  /** The seat of a confirmed booking is free again, the fare is owed. Again the same when it already is. */
  startRefund(booking: string): Booking | undefined;
  /** The doubt is over: the fare was taken and is owed. */
  owe(booking: string): void;
  settled(booking: string): void;
  unsettled(limit: number): readonly Booking[];
  bookingsOf(account: string, limit: number): readonly Booking[];
  close(): void;
};

/**
 * An airline's own data: flights and bookings in `<airline>.db` in this folder. Each method is one commit. What an
 * earlier process left while taking is in doubt from the start. `newId` names the ledger once, so that the references
 * that the bank sees do not repeat when the folder is emptied.
 */
export function openLedger(folder: string, timetable: Timetable, firstDate: string, newId: () => string): Ledger {
  mkdirSync(folder, { recursive: true });
  const database = new Database(join(folder, `${timetable.airline}.db`));
  // In WAL mode NORMAL survives the death of the process; only a power cut can take the last commits.
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = NORMAL');
  database.exec(`
    CREATE TABLE IF NOT EXISTS ledger (id TEXT NOT NULL);
    CREATE TABLE IF NOT EXISTS booking (
      number INTEGER PRIMARY KEY AUTOINCREMENT, flight TEXT NOT NULL, account TEXT NOT NULL,
      fare_cents INTEGER NOT NULL, state TEXT NOT NULL);
    CREATE INDEX IF NOT EXISTS booking_of_account ON booking (account, number);
    CREATE INDEX IF NOT EXISTS booking_unsettled ON booking (number) WHERE state IN ('undoing', 'refunding');
  `);
  const id = nameLedger(database, newId);
  const flights = openFlights(database, timetable, firstDate);
  const prefix = `${timetable.prefix}-${id}-`;

  type Row = { number: number; flight: string; account: string; fare_cents: number; state: BookingState };
  const insert = database.prepare<[string, string, number], Row>(
    "INSERT INTO booking (flight, account, fare_cents, state) VALUES (?, ?, ?, 'taking') RETURNING *",
  );
  const read = database.prepare<[number], Row>('SELECT * FROM booking WHERE number = ?');
  const change = database.prepare('UPDATE booking SET state = ? WHERE number = ?');
  const confirmTaking = database.prepare(
    "UPDATE booking SET state = 'confirmed' WHERE number = ? AND state = 'taking'",
  );
  const oweUndoing = database.prepare("UPDATE booking SET state = 'refunding' WHERE number = ? AND state = 'undoing'");
  const remove = database.prepare('DELETE FROM booking WHERE number = ?');
  const readUnsettled = database.prepare<[number], Row>(
    "SELECT * FROM booking WHERE state IN ('undoing', 'refunding') ORDER BY number LIMIT ?",
  );
  const readTaking = database.prepare<[], Row>("SELECT * FROM booking WHERE state = 'taking'");
  const readOfAccount = database.prepare<[string, number], Row>(
    "SELECT * FROM booking WHERE account = ? AND state = 'confirmed' ORDER BY number DESC LIMIT ?",
  );

  const numberOf = (booking: string) =>
    booking.startsWith(prefix) ? Number(booking.slice(prefix.length)) : Number.NaN;
  const bookingOf = ({ number, flight, account, fare_cents, state }: Row): Booking => {
    return { booking: `${prefix}${number}`, flight, account, fareCents: fare_cents, state };
  };
  const find = (booking: string) => {
    const number = numberOf(booking);
    return Number.isSafeInteger(number) ? read.get(number) : undefined;
  };
  const changeFrom = (row: Row, state: BookingState): Row => {
    if (row.state === 'taking' || row.state === 'confirmed') flights.giveSeat(row.flight);
    change.run(state, row.number);
    return { ...row, state };
  };

  database.transaction(() => {
    for (const row of readTaking.all()) changeFrom(row, 'undoing');
  })();

  return {
    flights: () => flights.list(),
    reserve: database.transaction((flight: string, account: string) => {
      const seat = flights.takeSeat(flight);
      if (seat.kind !== 'taken') return seat.kind;
      const row = insert.get(flight, account, seat.fareCents);
      if (row === undefined) throw new Error(`no booking came of ${flight}`);
      return bookingOf(row);
    }).immediate,
    confirm: (booking) => confirmTaking.run(numberOf(booking)).changes === 1,
    release: database.transaction((booking: string) => {
      const row = find(booking);
      if (row?.state !== 'taking') return;
      flights.giveSeat(row.flight);
      remove.run(row.number);
    }).immediate,
    doubt: database.transaction((booking: string) => {
      const row = find(booking);
      if (row?.state === 'taking') changeFrom(row, 'undoing');
    }).immediate,
    startRefund: database.transaction((booking: string) => {
      const row = find(booking);
      if (row?.state !== 'confirmed' && row?.state !== 'refunding') return undefined;
      return bookingOf(changeFrom(row, 'refunding'));
    }).immediate,
    owe: (booking) => void oweUndoing.run(numberOf(booking)),
    settled: (booking) => void remove.run(numberOf(booking)),
    unsettled: (limit) => readUnsettled.all(limit).map(bookingOf),
    bookingsOf: (account, limit) => readOfAccount.all(account, limit).map(bookingOf),
    close: () => database.close(),
  };
}

function nameLedger(database: Database.Database, newId: () => string): string {
  const read = database.prepare<[], string>('SELECT id FROM ledger').pluck();
  const known = read.get();
  if (known !== undefined) return known;
  database.prepare('INSERT INTO ledger VALUES (?)').run(newId());
  return nameLedger(database, newId);
}

import type { Database } from 'better-sqlite3';
import type { Route, Timetable } from './timetable.ts';

export type Flight = {
  readonly flight: string;
  readonly from: string;
  readonly to: string;
  readonly date: string;
  readonly fareCents: number;
  readonly seatsFree: number;
};

export type Flights = {
  /** Those with a seat left, soonest first. There is always one of each route. */
  list(): readonly Flight[];
  /** Takes one seat; never more seats than there are. Call it inside a transaction. */
  takeSeat(
    flight: string,
  ): { readonly kind: 'taken'; readonly fareCents: number } | { readonly kind: 'unknownFlight' | 'soldOut' };
  giveSeat(flight: string): void;
};

/** So many days of each route are kept; when one more opens, the oldest departs and its bookings with it. */
const DAYS_KEPT = 3;

/**
 * A route's next day opens when its newest is full, so the demonstration never runs out of seats; the days kept bound
 * the data. The date is a name for the flight and does not follow the calendar.
 */
export function openFlights(database: Database, { routes }: Timetable, firstDate: string): Flights {
  database.exec(`
    CREATE TABLE IF NOT EXISTS flight (
      flight TEXT PRIMARY KEY, route TEXT NOT NULL, date TEXT NOT NULL, fare_cents INTEGER NOT NULL,
      seats INTEGER NOT NULL, taken INTEGER NOT NULL);
  `);
  type Row = { flight: string; route: string; date: string; fare_cents: number; seats: number; taken: number };
  const readFlight = database.prepare<[string], Row>('SELECT * FROM flight WHERE flight = ?');
  const readFree = database.prepare<[], Row>('SELECT * FROM flight WHERE taken < seats ORDER BY date, flight');
  const readNewest = database.prepare<[string], Row>('SELECT * FROM flight WHERE route = ? ORDER BY date DESC LIMIT 1');
  const readOld = database
    .prepare<[string, number], string>('SELECT flight FROM flight WHERE route = ? ORDER BY date DESC LIMIT -1 OFFSET ?')
    .pluck();
  const insertFlight = database.prepare('INSERT INTO flight VALUES (?, ?, ?, ?, ?, 0)');
  const deleteFlight = database.prepare('DELETE FROM flight WHERE flight = ?');
  // Also those that were still being taken when their flight departed.
  const deleteFlown = database.prepare(
    "DELETE FROM booking WHERE state = 'confirmed' AND flight NOT IN (SELECT flight FROM flight)",
  );
  const takeOne = database.prepare('UPDATE flight SET taken = taken + 1 WHERE flight = ? AND taken < seats');
  const giveOne = database.prepare('UPDATE flight SET taken = taken - 1 WHERE flight = ? AND taken > 0');
  const routeOf = new Map(routes.map((route) => [route.code, route]));

  function openDay({ code, fareCents, seats }: Route, date: string): void {
    insertFlight.run(`${code}-${date}`, code, date, fareCents, seats);
    for (const old of readOld.all(code, DAYS_KEPT)) deleteFlight.run(old);
    deleteFlown.run();
  }

  database.transaction(() => {
    for (const route of routes) if (readNewest.get(route.code) === undefined) openDay(route, firstDate);
  })();

  return {
    list: () =>
      readFree.all().map(({ flight, route, date, fare_cents, seats, taken }) => ({
        flight,
        from: routeOf.get(route)?.from ?? '',
        to: routeOf.get(route)?.to ?? '',
        date,
        fareCents: fare_cents,
        seatsFree: seats - taken,
      })),
    takeSeat(flight) {
      const { changes } = takeOne.run(flight);
      const row = readFlight.get(flight);
      if (row === undefined) return { kind: 'unknownFlight' };
      if (changes === 0) return { kind: 'soldOut' };
      const route = routeOf.get(row.route);
      const newest = readNewest.get(row.route);
      if (route && newest && newest.taken === newest.seats) openDay(route, dayAfter(newest.date));
      return { kind: 'taken', fareCents: row.fare_cents };
    },
    giveSeat: (flight) => void giveOne.run(flight),
  };
}

function dayAfter(date: string): string {
  return new Date(Date.parse(date) + 86_400_000).toISOString().slice(0, 10);
}

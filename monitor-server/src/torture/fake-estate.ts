import type { Random } from '../store/testing/random.ts';
import { BANK_PORT, createFakeReporter, FAULT, type FakeReporter, OK, OUTSIDE_PORT } from './fake-reporter.ts';

/** An exchange as it should be read back: told from all others by its size. */
export interface Expected {
  readonly halves: 'both' | 'client' | 'server';
  readonly outcome: 'ok' | 'fault';
}

/** A bank, the shops that call it, and what the monitor should know of their exchanges when all has been taken. */
export interface FakeEstate {
  readonly reporters: readonly FakeReporter[];
  readonly expected: ReadonlyMap<number, Expected>;
  /** Lets exchanges happen: their rows wait at the reporters. */
  happen(count: number): void;
  /** The bank loses what it has not sent (whole rows only: give a `splitShare` of 0): what the callers saw is all that will be known. */
  loseBankHalves(): void;
  /** Expects what another estate expects, too. */
  include(other: FakeEstate): void;
  readonly rows: number;
}

/** Client ports go round after so many: connections would be taken for others' then. */
const EXCHANGES_MAX = 50_000;

export function createFakeEstate(settings: {
  readonly random: Random;
  readonly key: string;
  readonly shops: number;
  /** Makes the ids of this estate differ from another's. */
  readonly start: string;
  readonly clock: () => number;
  /** Exchanges began so much before they are reported. */
  readonly lateMicros?: number;
  /** Of its first exchange: those of two estates must differ. */
  readonly firstNumber?: number;
  /** Of the rows that come in two parts, open and close. */
  readonly splitShare?: number;
}): FakeEstate {
  const { random, key, shops, start, clock, lateMicros = 0, firstNumber = 0, splitShare = 0.15 } = settings;
  const create = (name: string, listens: number | null) =>
    createFakeReporter({ id: `${name}-${start}-0123456789abcdef`.slice(0, 64), name, key, listens, clock });
  const bank = create('bank', BANK_PORT);
  const callers = Array.from({ length: shops }, (_, index) => create(`shop${index}`, null));
  const expected = new Map<number, Expected>();
  let made = 0;

  function happenOne(): void {
    const number = firstNumber + made++;
    if (made > EXCHANGES_MAX) throw new Error(`an estate has at most ${EXCHANGES_MAX} exchanges`);
    const shop = random.pick(callers);
    const requestBytes = 1_000 + number;
    const halves = random.pick(['both', 'both', 'both', 'both', 'both', 'client', 'server'] as const);
    const outcome = random.chance(0.1) ? FAULT : OK;
    const begun = clock() - lateMicros;
    const duration = random.between(200, 30_000);
    const isOutside = halves === 'client';
    const connection = {
      server: `127.0.0.1:${isOutside ? OUTSIDE_PORT : BANK_PORT}`,
      client: `127.0.0.1:${10_000 + number}`,
    };
    const tell = (reporter: FakeReporter, role: 'client' | 'server', from: number, durationMicros: number): void => {
      const row = { ...{ exchangeNo: number, role, start: from, requestBytes, connection, isOutside } };
      if (random.chance(splitShare)) {
        reporter.add({ ...row, part: 'open', durationMicros: null, outcome: null });
        reporter.add({ ...row, part: 'close', durationMicros, outcome });
      } else reporter.add({ ...row, part: 'whole', durationMicros, outcome });
    };
    if (halves !== 'server') tell(shop, 'client', begun, duration + 100);
    if (halves !== 'client') tell(bank, 'server', begun + 50, duration);
    expected.set(requestBytes, { halves, outcome: outcome === FAULT ? 'fault' : 'ok' });
  }

  const reporters = [bank, ...callers];
  return {
    reporters,
    expected,
    happen(count) {
      for (let i = 0; i < count; i++) happenOne();
      // Reports come out of order, and a close may come before its open.
      for (const reporter of reporters) {
        reporter.shuffle((rows) => {
          const at = random.between(0, Math.max(0, rows.length - 1));
          rows.push(...rows.splice(at, random.between(0, 3)));
        });
      }
    },
    loseBankHalves() {
      for (const { requestBytes } of bank.lose()) {
        const { halves, outcome } = expected.get(requestBytes) ?? { halves: 'server', outcome: 'ok' };
        if (halves === 'server') expected.delete(requestBytes);
        else expected.set(requestBytes, { halves: 'client', outcome });
      }
    },
    include(other) {
      for (const [number, what] of other.expected) expected.set(number, what);
      reporters.push(...other.reporters);
    },
    get rows() {
      return reporters.reduce((sum, { sendable }) => sum + sendable, 0);
    },
  };
}

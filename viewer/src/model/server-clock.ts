/** Estimates how far the server's clock is ahead of the page's (µs): the answer with the least round trip is the best witness. */
export interface ServerClock {
  /** A question asked at local time `asked`, answered with server time `answer`, heard at local time `heard`. */
  observe(asked: number, answer: number, heard: number): void;
  offset(): number;
  /** Whether any answer was heard. */
  isKnown(): boolean;
}

interface Witness {
  readonly heard: number;
  readonly roundTrip: number;
  readonly offset: number;
}

const WITNESSES_MAX = 16;
/** Older witnesses say little of now: clocks drift, at most some 100 µs a second. */
const WITNESS_MICROS = 120_000_000;
const DRIFT_ALLOWED_MICROS = 20_000;

export function createServerClock(): ServerClock {
  let witnesses: readonly Witness[] = [];
  return {
    observe(asked, answer, heard) {
      const roundTrip = Math.max(0, heard - asked);
      const witness = { heard, roundTrip, offset: answer - (asked + roundTrip / 2) };
      const agreeing = witnesses.filter((other) => heard - other.heard < WITNESS_MICROS && agree(other, witness));
      witnesses = [...agreeing, witness].slice(-WITNESSES_MAX);
    },
    offset: () => best(witnesses)?.offset ?? 0,
    isKnown: () => witnesses.length > 0,
  };
}

/** Each offset is certain to half its round trip. Two that exclude each other: a clock was set, and the older is wrong. */
const agree = (a: Witness, b: Witness): boolean =>
  Math.abs(a.offset - b.offset) <= (a.roundTrip + b.roundTrip) / 2 + DRIFT_ALLOWED_MICROS;

function best(witnesses: readonly Witness[]): Witness | null {
  let least: Witness | null = null;
  for (const witness of witnesses) if (least === null || witness.roundTrip < least.roundTrip) least = witness;
  return least;
}

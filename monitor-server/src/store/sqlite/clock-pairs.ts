import type { Half, PlacedClock } from './half.ts';
import { ownStart } from './half.ts';

/**
 * What the four timestamps of joined exchanges tell of two hosts' clocks (NTP's rule, RFC 5905): the offset is
 * ((t2 − t1) + (t3 − t4)) / 2, and it cannot be wrong by more than ((t4 − t1) − (t3 − t2)) / 2, however the delay was
 * shared between the two ways. So the sample with the least delay wins. Clocks drift: what was known grows less sure with age.
 */
export interface ClockPairs {
  /** Takes the four timestamps of a joined exchange into account. */
  learn(client: Half, server: Half): void;
  /** What is known of the clocks at the time of these halves; null for nothing. One host has one clock. */
  between(client: Half, server: Half): PlacedClock | null;
  /** Good evidence fitted, but not with the offset known: after a few of these in a row the offset is forgotten. */
  doubt(client: Half, server: Half): void;
  flush(): void;
}

export interface ClockPair {
  /** The two host ids, the lesser first; the offset is the second's clock less the first's. */
  readonly first: string;
  readonly second: string;
  offset: number;
  uncertainty: number;
  /** Key time of the sample. */
  at: number;
  /** Exchanges in a row that contradicted it. */
  doubts: number;
}

/** 50 ppm: what two quartz clocks that nobody disciplines drift apart, at most, in a temperate room. */
const DRIFT_PER_MICRO = 50e-6;
/** What reading two clocks and rounding to whole microseconds may add. */
const READING_MICROS = 100;
/** Up to 500 ms of each clock are taken for delay and not corrected (key-time.ts). */
const REPORTED_UNCERTAINTY_MICROS = 1_000_000;
const DOUBTS_MAX = 3;
const PAIRS_MAX = 10_000;

export function createClockPairs(table: {
  recent(limit: number): readonly ClockPair[];
  write(pair: ClockPair): void;
  remove(pair: ClockPair): void;
}): ClockPairs {
  const pairs = new Map<string, ClockPair>();
  const dirty = new Set<ClockPair>();
  const forgotten = new Set<ClockPair>();
  for (const pair of table.recent(PAIRS_MAX)) pairs.set(`${pair.first} ${pair.second}`, pair);
  /** The key of two host ids, made once: it is asked for with each exchange. */
  const keys = new Map<string, Map<string, PairKey>>();
  const pairKey = ({ process: client }: Half, { process: server }: Half): PairKey => {
    const ofClient = keys.get(client.hostId);
    const known = ofClient?.get(server.hostId);
    if (known !== undefined) return known;
    if (keys.size >= PAIRS_MAX || (ofClient?.size ?? 0) >= PAIRS_MAX) keys.clear();
    const made = pairKeyOf(client.hostId, server.hostId);
    const others = keys.get(client.hostId) ?? new Map<string, PairKey>();
    keys.set(client.hostId, others);
    others.set(server.hostId, made);
    return made;
  };

  const keep = (key: string, pair: ClockPair): void => {
    pairs.delete(key);
    pairs.set(key, pair);
    dirty.add(pair);
    forgotten.delete(pair);
    if (pairs.size <= PAIRS_MAX) return;
    for (const [oldest, gone] of pairs) {
      forget(oldest, gone);
      break;
    }
  };
  const forget = (key: string, pair: ClockPair): void => {
    pairs.delete(key);
    dirty.delete(pair);
    forgotten.add(pair);
  };

  return {
    learn(client, server) {
      const sample = sampleOf(client, server);
      if (sample === null) return;
      const { key, first, second, sign } = pairKey(client, server);
      const at = client.time;
      const [offset, uncertainty] = [sign * sample.offsetMicros, sample.uncertaintyMicros];
      const known = pairs.get(key);
      if (known === undefined) return keep(key, { first, second, offset, uncertainty, at, doubts: 0 });
      // Changed in place: nearly every exchange may do so, and each commit writes a pair once.
      const take = (): void => {
        known.offset = offset;
        known.uncertainty = uncertainty;
        known.at = at;
        known.doubts = 0;
        dirty.add(known);
      };
      const aged = agedUncertainty(known, at);
      if (Math.abs(offset - known.offset) > aged + uncertainty) {
        // No offset fits both: a clock was set, or one of them was no pair. Several in a row decide.
        known.doubts++;
        const isStale = !isAsReported(sign * known.offset, aged, client, server);
        if (isStale || known.doubts >= DOUBTS_MAX) take();
        return;
      }
      known.doubts = 0;
      if (uncertainty <= aged) take();
    },
    between(client, server) {
      if (client.process.hostId === server.process.hostId) return ONE_CLOCK;
      const { key, sign } = pairKey(client, server);
      const known = pairs.get(key);
      if (known === undefined) return null;
      const uncertainty = agedUncertainty(known, client.time);
      if (!isAsReported(sign * known.offset, uncertainty, client, server)) return null;
      return { offsetMicros: sign * known.offset, uncertaintyMicros: Math.ceil(uncertainty) };
    },
    doubt(client, server) {
      const { key } = pairKey(client, server);
      const known = pairs.get(key);
      if (known === undefined) return;
      known.doubts++;
      if (known.doubts >= DOUBTS_MAX) forget(key, known);
    },
    flush() {
      for (const pair of forgotten) table.remove(pair);
      for (const pair of dirty) table.write(pair);
      forgotten.clear();
      dirty.clear();
    },
  };
}

const ONE_CLOCK: PlacedClock = { offsetMicros: 0, uncertaintyMicros: 0 };

/** The four timestamps, by each side's own clock: first bytes, since the last ones hang on the size of the message. */
function sampleOf(client: Half, server: Half): PlacedClock | null {
  if (client.process.hostId === server.process.hostId) return null;
  // Between the first byte sent and the first byte back lies more than one round.
  if ((client.extras?.attempts ?? 1) > 1 || (server.extras?.attempts ?? 1) > 1) return null;
  if (client.replyFirst === null || server.replyFirst === null) return null;
  const doubleUncertainty = client.replyFirst - server.replyFirst;
  if (doubleUncertainty < 0) return null;
  const t1 = ownStart(client);
  const t2 = ownStart(server);
  const back = t2 + server.replyFirst - (t1 + client.replyFirst);
  return {
    offsetMicros: Math.round((t2 - t1 + back) / 2),
    uncertaintyMicros: Math.ceil(doubleUncertainty / 2) + READING_MICROS,
  };
}

/** Whether it goes together with what the reports say of the clocks. It does not when one of them has been set since. */
function isAsReported(offset: number, uncertainty: number, client: Half, server: Half): boolean {
  const reported = reportedCorrection(client) - reportedCorrection(server);
  return Math.abs(offset - reported) <= REPORTED_UNCERTAINTY_MICROS + uncertainty;
}

/** The offset of a half that is placed by its receipt says nothing of its clock. */
const reportedCorrection = (half: Half): number => (half.placed ? half.process.clock.applied : half.offset);

const agedUncertainty = (pair: ClockPair, at: number): number =>
  pair.uncertainty + DRIFT_PER_MICRO * Math.abs(at - pair.at);

interface PairKey {
  readonly key: string;
  readonly first: string;
  readonly second: string;
  /** Of the server's clock less the client's: −1 where the server's is the first. */
  readonly sign: number;
}

function pairKeyOf(client: string, server: string): PairKey {
  const [first, second, sign] = client < server ? [client, server, 1] : [server, client, -1];
  return { key: `${first} ${second}`, first, second, sign };
}

import { createEstate, type Estate, type EstateSize } from './estate.ts';
import { createHalfSource, type Half } from './halves.ts';
import { createRandom } from './random.ts';
import { createReporter, type ReportText } from './reporter.ts';

/** The estate at work: transactions in, reports of the processes out. */
export interface ReportSource {
  readonly estate: Estate;
  /**
   * Reports of about so many observations from `from` on: those of `rowsPerReport` rows in the order in which they fill,
   * then the rest in smaller ones, so that no half waits for the next time.
   */
  reports(wish: ReportsWish): { readonly full: readonly ReportText[]; readonly rest: readonly ReportText[] };
  observations(): number;
  exchanges(): number;
}

export interface ReportsWish {
  readonly observations: number;
  readonly rowsPerReport: number;
  /** Epoch µs of the first request. */
  readonly from: number;
  /** Real time by which the stamps go on. */
  readonly observationsPerSecond: number;
  /** So many of the services' halves come with the reports of the next call only: they are joined late. */
  readonly lateShare?: number;
  /** Told of each half in the order of the load. */
  readonly onHalf?: (half: Half) => void;
}

/** An exchange has two halves, a transaction 5 exchanges. */
const OBSERVATIONS_PER_TRANSACTION = 10;

/** `run` names the reporters: two runs against one server must differ in it. */
export function createReportSource(seed: number, run: string, size?: EstateSize): ReportSource {
  const estate = createEstate(seed, size);
  const random = createRandom(seed + 1);
  const halves = createHalfSource(estate, random);
  const reporters = estate.services.map((service) => createReporter(service, run));
  let observations = 0;
  let late: Half[] = [];

  return {
    estate,
    reports({ observations: wanted, rowsPerReport, from, observationsPerSecond, lateShare = 0, onHalf }) {
      const full: ReportText[] = [];
      const rest: ReportText[] = [];
      const take = (service: number, into: ReportText[]): void => {
        const text = reporters[service]?.take() ?? null;
        if (text !== null) into.push(text);
      };
      const add = (half: Half): void => {
        const reporter = reporters[half.service];
        reporter?.add(half);
        if ((reporter?.waiting ?? 0) >= rowsPerReport) take(half.service, full);
      };
      for (const half of late) add(half);
      late = [];
      const gapMicros = (OBSERVATIONS_PER_TRANSACTION / observationsPerSecond) * 1_000_000;
      const until = observations + wanted;
      for (let at = from; observations < until; at += 2 * random.unit() * gapMicros) {
        for (const half of halves.transaction(Math.round(at))) {
          observations++;
          onHalf?.(half);
          if (half.role === 0 && lateShare > 0 && random.unit() < lateShare) late.push(half);
          else add(half);
        }
      }
      for (const { number } of estate.services) take(number, rest);
      return { full, rest };
    },
    observations: () => observations,
    exchanges: halves.exchanges,
  };
}

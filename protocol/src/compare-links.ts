import { type Figures, faultShare } from './figures.ts';
import { bucketRange, type Histogram } from './histogram.ts';
import type { LinkFigures } from './queries.ts';
import type { LinkDifference } from './query-comparison.ts';

/** One of two windows: how long it is, and what was counted of each link (or link and operation) in it. */
export interface ComparedSide {
  readonly seconds: number;
  readonly links: readonly { readonly link: LinkFigures; readonly figures: Figures }[];
}

/**
 * What was added, went, and changed from one window to another. Windows may differ in length: rates are compared, not counts.
 * Nothing is claimed that the counts cannot carry: `tooLittle` is an answer.
 */
export function compareLinks(before: ComparedSide, after: ComparedSide) {
  const keyed = (side: ComparedSide) => new Map(side.links.map((entry) => [keyOf(entry.link), entry]));
  const [earlier, later] = [keyed(before), keyed(after)];
  const onlyIn = (side: ComparedSide, other: ReadonlyMap<string, unknown>, otherSeconds: number) =>
    side.links
      .filter(({ link }) => !other.has(keyOf(link)))
      .map(({ link }) => ({ ...link, tooLittle: (link.count / side.seconds) * otherSeconds < EXPECTED_MIN }));
  return {
    added: onlyIn(after, earlier, before.seconds),
    gone: onlyIn(before, later, after.seconds),
    changed: before.links.flatMap(({ link, figures }) => {
      const other = later.get(keyOf(link));
      if (other === undefined) return [];
      const difference = differenceOf(figures, before.seconds, other.figures, after.seconds);
      return [{ before: link, after: other.link, difference }];
    }),
  };
}

/**
 * Of a link with fewer calls than these to be expected in the other window, having seen none there proves nothing: with an
 * expectation of 3 none is seen in 5 % of all windows ("rule of three", Hanley and Lippman-Hand, JAMA 249, 1983).
 */
const EXPECTED_MIN = 3;
/** Shares that differ by less than so much are told as the same, when the data can say so. */
const SHARE_MARGIN = 0.05;

function differenceOf(before: Figures, secondsBefore: number, after: Figures, secondsAfter: number): LinkDifference {
  const share = shareDifference(
    { hits: before.faults + before.errors, all: before.count },
    { hits: after.faults + after.errors, all: after.count },
  );
  const p95Before = quantileInterval(before.histogram, 0.95);
  const p95After = quantileInterval(after.histogram, 0.95);
  return {
    rateBefore: before.count / secondsBefore,
    rateAfter: after.count / secondsAfter,
    faultShareBefore: faultShare(before),
    faultShareAfter: faultShare(after),
    faultShare: share,
    faultShareVerdict: shareVerdict(share),
    p95Before,
    p95After,
    p95Verdict:
      p95Before === null || p95After === null
        ? 'tooLittle'
        : p95After.low > p95Before.high
          ? 'more'
          : p95After.high < p95Before.low
            ? 'less'
            : 'same',
  };
}

function shareVerdict(share: ShareDifference | null): LinkDifference['faultShareVerdict'] {
  if (share === null) return 'tooLittle';
  if (share.low > 0) return 'more';
  if (share.high < 0) return 'less';
  return share.low >= -SHARE_MARGIN && share.high <= SHARE_MARGIN ? 'same' : 'tooLittle';
}

/** So many of all. */
export interface Proportion {
  readonly hits: number;
  readonly all: number;
}

export interface ShareDifference {
  readonly difference: number;
  readonly low: number;
  readonly high: number;
}

/** The 97.5 % point of the normal distribution: intervals hold the true value in 95 of 100 cases. */
const Z = 1.959963984540054;

/** Wilson's score interval of a proportion, 95 % (E. B. Wilson, JASA 22, 1927). `all` is above 0. */
export function wilsonInterval({ hits, all }: Proportion): { readonly low: number; readonly high: number } {
  const share = hits / all;
  const middle = share + (Z * Z) / (2 * all);
  const spread = Z * Math.sqrt((share * (1 - share)) / all + (Z * Z) / (4 * all * all));
  const scale = 1 + (Z * Z) / all;
  return { low: Math.max(0, (middle - spread) / scale), high: Math.min(1, (middle + spread) / scale) };
}

/**
 * The later share less the earlier one, with its 95 % interval: the hybrid score interval of R. G. Newcombe, Statistics in
 * Medicine 17 (1998) 873–890, method 10. It stays sensible for few calls and for shares of 0 and 1. Null: one side is empty.
 */
export function shareDifference(before: Proportion, after: Proportion): ShareDifference | null {
  if (before.all === 0 || after.all === 0) return null;
  const [earlier, later] = [before.hits / before.all, after.hits / after.all];
  const [first, second] = [wilsonInterval(before), wilsonInterval(after)];
  const difference = later - earlier;
  return {
    difference,
    low: difference - Math.hypot(later - second.low, first.high - earlier),
    high: difference + Math.hypot(second.high - later, earlier - first.low),
  };
}

/**
 * Between which durations (µs) a quantile lies with 95 % confidence, whatever the distribution: the values at two ranks
 * around it (W. J. Conover, Practical Nonparametric Statistics, 3rd ed., section 3.2), widened to the ranges of the sketch's
 * buckets that hold them. Null: so few values that one of the ranks does not exist (p95: below 73). Two intervals that do
 * not overlap tell a difference with more than 95 % confidence.
 */
export function quantileInterval(
  histogram: Histogram,
  share: number,
): { readonly low: number; readonly high: number } | null {
  let all = 0;
  for (const times of histogram.values()) all += times;
  const spread = Z * Math.sqrt(all * share * (1 - share));
  const [low, high] = [Math.ceil(all * share - spread), Math.ceil(all * share + spread)];
  if (low < 1 || high > all) return null;
  const buckets = [...histogram].sort(([a], [b]) => a - b);
  const bucketAt = (rank: number): number => {
    let seen = 0;
    for (const [bucket, times] of buckets) {
      seen += times;
      if (seen >= rank) return bucket;
    }
    throw new Error(`no value has the rank ${rank} of ${all}`);
  };
  return { low: bucketRange(bucketAt(low)).from, high: bucketRange(bucketAt(high)).to };
}

const keyOf = ({ id, operation }: LinkFigures): string => `${id} ${operation ?? ''}`;

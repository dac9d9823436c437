import type { Comparison, LinkDifference, LinkFigures, Node } from '@soa-monitor/protocol';

/** One link (or link and operation) of the comparison. */
export interface ComparedRow {
  readonly id: string;
  readonly link: string;
  readonly source: string;
  readonly target: string;
  readonly name: string;
  readonly change: 'added' | 'gone' | 'changed' | 'same' | 'tooLittle';
  /** What became otherwise: "slower", "fails more", "more calls" …; empty where nothing can be told. */
  readonly words: readonly string[];
  readonly before: LinkFigures | null;
  readonly after: LinkFigures | null;
  readonly rateBefore: number | null;
  readonly rateAfter: number | null;
  readonly difference: LinkDifference | null;
}

/** A rate that is so many times another is told as otherwise. */
const RATE_FACTOR = 1.5;
/** So few calls in both windows together tell nothing of a rate. */
const CALLS_MIN = 20;

/** Every link of both windows, what matters most first. */
export function comparedRows({ nodes, added, gone, changed, window, window2 }: Comparison): readonly ComparedRow[] {
  const nameOf = namesOf(nodes);
  const [secondsBefore, secondsAfter] = [secondsOf(window), secondsOf(window2)];
  const named = ({ id, source, target, operation }: LinkFigures) => ({
    id: `${id} ${operation ?? ''}`,
    ...{ link: id, source, target },
    name: `${nameOf(source)} → ${nameOf(target)}${operation === null || operation === '' ? '' : ` · ${operation}`}`,
  });
  const rows = [
    ...added.map(
      ({ tooLittle, ...after }): ComparedRow => ({
        ...named(after),
        change: 'added',
        words: tooLittle === true ? [TOO_LITTLE] : [],
        ...{ before: null, after, rateBefore: null, rateAfter: after.count / secondsAfter, difference: null },
      }),
    ),
    ...gone.map(
      ({ tooLittle, ...before }): ComparedRow => ({
        ...named(before),
        change: 'gone',
        words: tooLittle === true ? [TOO_LITTLE] : [],
        ...{ before, after: null, rateBefore: before.count / secondsBefore, rateAfter: null, difference: null },
      }),
    ),
    ...changed.map(({ before, after, difference = null }): ComparedRow => {
      const words = difference === null ? [] : wordsOf(difference, before.count + after.count);
      const isTooLittle = difference?.faultShareVerdict === 'tooLittle' && difference.p95Verdict === 'tooLittle';
      return {
        ...named(after),
        change: words.length > 0 ? 'changed' : isTooLittle ? 'tooLittle' : 'same',
        words,
        ...{ before, after, difference },
        rateBefore: before.count / secondsBefore,
        rateAfter: after.count / secondsAfter,
      };
    }),
  ];
  return rows.sort((a, b) => weightOf(b) - weightOf(a) || a.name.localeCompare(b.name));
}

const TOO_LITTLE = 'so few calls that it may be chance';

function wordsOf({ faultShareVerdict, p95Verdict, rateBefore, rateAfter }: LinkDifference, calls: number): string[] {
  const words: string[] = [];
  if (faultShareVerdict === 'more') words.push('fails more');
  if (faultShareVerdict === 'less') words.push('fails less');
  if (p95Verdict === 'more') words.push('slower');
  if (p95Verdict === 'less') words.push('faster');
  if (calls >= CALLS_MIN && rateAfter > rateBefore * RATE_FACTOR) words.push('more calls');
  if (calls >= CALLS_MIN && rateBefore > rateAfter * RATE_FACTOR) words.push('fewer calls');
  return words;
}

/** Added and gone first, then worse, then otherwise, by traffic among equals. */
function weightOf({ change, words, before, after }: ComparedRow): number {
  const calls = Math.log10(1 + (before?.count ?? 0) + (after?.count ?? 0));
  const isChance = words.includes(TOO_LITTLE);
  if (change === 'added' || change === 'gone') return (isChance ? 300 : 900) + calls;
  if (change === 'changed') return (words.includes('fails more') ? 800 : words.includes('slower') ? 700 : 600) + calls;
  return (change === 'same' ? 100 : 200) + calls;
}

const secondsOf = ({ from, to }: { readonly from: number; readonly to: number }): number => (to - from) / 1_000_000;

function namesOf(nodes: readonly Node[]): (id: string) => string {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  return (id) => {
    const node = byId.get(id);
    if (node === undefined) return id;
    const above = node.parent === null ? undefined : byId.get(node.parent)?.name;
    if (above === undefined) return node.name;
    return node.kind === 'endpoint' ? `${above} · ${node.name}` : `${node.name} (${above})`;
  };
}

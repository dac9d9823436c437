import type { Explain, Topology, Transaction } from '@soa-monitor/protocol';
import { formatCount, formatPlural } from '../format/numbers.ts';
import { formatMoment } from '../format/times.ts';

type Missing = NonNullable<Transaction['missing']>[number];

/** What cannot be told of a transaction, and why, a sentence for each kind of gap. */
export function missingWords(missing: readonly Missing[]): readonly string[] {
  const counts = new Map<string, { readonly missing: Missing; count: number }>();
  for (const each of missing) {
    const key = `${each.part} ${each.why}`;
    const known = counts.get(key);
    if (known === undefined) counts.set(key, { missing: each, count: 1 });
    else known.count++;
  }
  return [...counts.values()].map(
    ({ missing: { part, why }, count }) =>
      `${PARTS[part]} of ${formatPlural(count, 'call', 'calls')} is missing: ${REASONS[why]}.`,
  );
}

const PARTS: Record<Missing['part'], string> = {
  client: 'The caller’s side',
  server: 'The service’s side',
  parent: 'The cause',
  end: 'The end',
  children: 'A part of the calls made',
};

const REASONS: Record<Missing['why'], string> = {
  neverCame: 'it never came',
  expired: 'it is older than records are kept',
  notMonitored: 'nobody reports it',
  cut: 'there is more than one answer tells',
};

/** What of an answer is not whole, and what is told under one name for many: a sentence each; none when it is whole and exact. */
export function incompleteWords(answer: {
  readonly explain?: Explain;
  readonly folded?: Topology['folded'];
}): readonly string[] {
  const partial = (answer.explain?.partial ?? []).map(({ reason, before, exchanges }) => {
    const by = exchanges === null ? '' : ` It may be inexact by ${formatPlural(exchanges, 'exchange', 'exchanges')}.`;
    return reason === 'expired'
      ? `What began before ${before === null ? 'some moment' : formatMoment(before)} is no longer kept.${by}`
      : `There is more than one answer reads: the rest is left out.${by}`;
  });
  const { folded } = answer;
  const isFolded = folded !== undefined && folded.exchanges > 0;
  return [
    ...partial,
    ...(isFolded
      ? [
          `There are more names than are kept apart: ${formatPlural(folded.exchanges, 'exchange', 'exchanges')} (${formatCount(folded.links)} links, ${formatCount(folded.operations)} operations) are told under “(other)”.`,
        ]
      : []),
  ];
}

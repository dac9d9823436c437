import { formatDuration } from '../format/durations.ts';
import { formatCount, formatRate, formatShare, UNKNOWN } from '../format/numbers.ts';
import type { FiguresView } from '../session/session.ts';
import { isLoud } from './deviating.ts';

/** The four figures of a node or link, over the minute before the moment shown. Null: it was not seen then. */
export function Figures({ figures }: { readonly figures: FiguresView | null }) {
  const failing = isLoud(figures?.faultShare ?? null);
  return (
    <dl className="figures">
      <Figure word="Rate" value={formatRate(figures?.perSecond ?? null)} />
      <Figure word="p95" value={formatDuration(figures?.p95Micros ?? null)} />
      <Figure word="Failed" value={formatShare(figures?.faultShare ?? null)} bad={failing} hint={failedHint(figures)} />
      <Figure word="In flight" value={figures === null ? UNKNOWN : formatCount(figures.inFlight)} />
    </dl>
  );
}

interface FigureProps {
  readonly word: string;
  readonly value: string;
  readonly bad?: boolean;
  readonly hint?: string;
}

function Figure({ word, value, bad = false, hint }: FigureProps) {
  return (
    <div>
      <dt>{word}</dt>
      <dd className={value === UNKNOWN ? 'unknown' : bad ? 'bad' : ''} title={hint}>
        {value}
      </dd>
    </div>
  );
}

const failedHint = (figures: FiguresView | null): string =>
  figures === null || figures.count === 0
    ? 'Nothing ended in this minute'
    : `${formatCount(figures.faults)} faults and ${formatCount(figures.errors)} errors among ${formatCount(figures.count)} calls`;

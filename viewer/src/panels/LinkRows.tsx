import { ArrowDownLeft, ArrowUpRight } from 'lucide-react';
import { useCommands } from '../app/session-context.tsx';
import { formatDuration } from '../format/durations.ts';
import { formatRate, formatShare, orDash } from '../format/numbers.ts';
import { operationWords } from '../model/split-links.ts';
import type { LinkView } from '../session/session.ts';
import { isLoud } from './deviating.ts';
import { RowHead } from './RowHead.tsx';

interface LinkRowsProps {
  readonly title: string;
  readonly links: readonly LinkView[];
  /** The other end, which is named. */
  readonly end: 'source' | 'target';
}

export function LinkRows({ title, links, end }: LinkRowsProps) {
  const commands = useCommands();
  if (links.length === 0) return null;
  const sorted = [...links].sort((one, other) => other.figures.perSecond - one.figures.perSecond);
  const Arrow = end === 'source' ? ArrowDownLeft : ArrowUpRight;
  return (
    <section>
      <h3>{title}</h3>
      <div className="rows">
        <RowHead kind="link" />
        {sorted.slice(0, ROWS_MAX).map((link) => (
          <button
            key={link.id}
            type="button"
            className="row link"
            title={titleOf(link)}
            onClick={() => commands.select({ kind: 'link', id: link.id })}
          >
            <Arrow size={16} aria-hidden="true" className="quiet" />
            <span className="label">
              {end === 'source' ? link.sourceLabel : link.targetLabel}
              {link.operations === undefined ? '' : ` · ${operationWords(link.operations)}`}
            </span>
            <span className="number">{formatRate(link.figures.perSecond)}</span>
            <span className="number">{orDash(formatDuration(link.figures.p95Micros))}</span>
            <span className={isLoud(link.figures.faultShare) ? 'number bad' : 'number'}>
              {orDash(formatShare(link.figures.faultShare))}
            </span>
          </button>
        ))}
      </div>
      {sorted.length > ROWS_MAX && (
        <p className="quiet small">and {sorted.length - ROWS_MAX} more: see the table (T)</p>
      )}
    </section>
  );
}

const titleOf = ({ sourceLabel, targetLabel, operations, figures }: LinkView): string =>
  `${sourceLabel} calls ${targetLabel}${operations === undefined ? '' : ` for ${operationWords(operations)}`}: ${formatRate(figures.perSecond)}, p95 ${formatDuration(figures.p95Micros)}, failed ${formatShare(figures.faultShare)}`;

const ROWS_MAX = 20;

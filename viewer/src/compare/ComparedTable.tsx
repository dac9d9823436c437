import { useCommands, useSession } from '../app/session-context.tsx';
import { formatDuration } from '../format/durations.ts';
import { formatCount, formatRate } from '../format/numbers.ts';
import { CHANGE_WORDS, intervalWords, rateChange, sharesWords, shareWords } from './compare-words.ts';
import type { ComparedRow } from './compared-rows.ts';

interface ComparedTableProps {
  readonly rows: readonly ComparedRow[];
  /** Whether what is the same, or cannot be told, is listed too. */
  readonly all: boolean;
  readonly waiting: boolean;
}

export function ComparedTable({ rows, all, waiting }: ComparedTableProps) {
  const commands = useCommands();
  const selected = useSession(({ selection }) => (selection?.kind === 'link' ? selection.id : null));
  const wanted = all ? rows : rows.filter(({ change }) => change !== 'same' && change !== 'tooLittle');
  const shown = wanted.slice(0, ROWS_MAX);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
    <section className="compare-table" aria-label="What became otherwise" tabIndex={0} aria-busy={waiting}>
      <p className="small quiet" role="status">
        {waiting ? 'Comparing …' : summaryOf(rows)}
      </p>
      <table>
        <thead>
          <tr>
            <th scope="col">Change</th>
            <th scope="col">Link</th>
            <th scope="col" className="number">
              Calls
            </th>
            <th scope="col" className="number">
              p95, 95 % interval
            </th>
            <th scope="col" className="number">
              Failed, 95 % interval
            </th>
          </tr>
        </thead>
        <tbody>
          {shown.map((row) => (
            <tr key={row.id} aria-current={row.link === selected}>
              <td className={`change ${row.change}`}>
                <span className="sign" aria-hidden="true">
                  {CHANGE_WORDS[row.change].sign}
                </span>
                {CHANGE_WORDS[row.change].word}
                <small>{row.words.join(', ')}</small>
              </td>
              <th scope="row">
                <button type="button" onClick={() => commands.select({ kind: 'link', id: row.link })}>
                  {row.name}
                </button>
              </th>
              <td className="number">
                {row.before === null ? 'none' : formatRate(row.rateBefore)} →{' '}
                {row.after === null ? 'none' : formatRate(row.rateAfter)}
                <small>{rateChange(row.rateBefore, row.rateAfter)}</small>
              </td>
              <td className="number">
                {formatDuration(row.before?.p95Micros ?? null)} → {formatDuration(row.after?.p95Micros ?? null)}
                {row.difference !== null && (
                  <small>
                    {row.difference.p95Verdict === 'tooLittle'
                      ? 'too little data'
                      : `${intervalWords(row.difference.p95Before)} → ${intervalWords(row.difference.p95After)}`}
                  </small>
                )}
              </td>
              <td className="number">
                {sharesWords(shareOf(row.before), shareOf(row.after))}
                {row.difference !== null && (
                  <small>
                    {row.difference.faultShareVerdict === 'tooLittle' && 'too little data · '}
                    {shareWords(row.difference.faultShare)}
                  </small>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {!waiting && shown.length === 0 && <p className="quiet">Nothing to list: the two windows tell the same.</p>}
      {wanted.length > ROWS_MAX && (
        <p className="small quiet">
          The first {formatCount(ROWS_MAX)} of {formatCount(wanted.length)}; all of them are in the CSV.
        </p>
      )}
    </section>
  );
}

const ROWS_MAX = 500;

const shareOf = (figures: ComparedRow['before']): number | null =>
  figures === null || figures.count === 0 ? null : (figures.faults + figures.errors) / figures.count;

function summaryOf(rows: readonly ComparedRow[]): string {
  const counts = new Map<ComparedRow['change'], number>();
  for (const { change } of rows) counts.set(change, (counts.get(change) ?? 0) + 1);
  return (['added', 'gone', 'changed', 'same', 'tooLittle'] as const)
    .map((change) => `${formatCount(counts.get(change) ?? 0)} ${CHANGE_WORDS[change].word}`)
    .join(' · ');
}

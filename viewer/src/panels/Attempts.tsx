import type { Attempt, ExchangeDetail } from '@soa-monitor/protocol';
import { useCommands } from '../app/session-context.tsx';
import { formatDuration } from '../format/durations.ts';
import { formatClock, formatExact } from '../format/times.ts';
import { attemptWords } from './exchange-words.ts';
import { outcomeWords } from './outcome-words.ts';

/** The HTTP rounds that one message took: a 401, a redirect, a failure, and the one in which it went on. */
export function Attempts({ detail }: { readonly detail: ExchangeDetail }) {
  const commands = useCommands();
  const words = attemptWords(detail);
  if (words === undefined) return null;
  return (
    <section>
      <h3>The message {words}</h3>
      {detail.attempts.length === 0 && (
        <p className="quiet">The earlier ones are not known: not seen, or forgotten by age.</p>
      )}
      <div className="rows">
        {detail.attempts.map((attempt) => (
          <button
            key={attempt.id}
            type="button"
            className="row exchange"
            title={`${attempt.address}${attempt.path}`}
            onClick={() => commands.select({ kind: 'exchange', id: attempt.id })}
          >
            <time className="number quiet" title={formatExact(attempt.start)}>
              {formatClock(attempt.start)}
            </time>
            <span className="name">
              {attempt.address}
              {attempt.path}
            </span>
            <span>{endWords(attempt)}</span>
            <span className="number">{formatDuration(attempt.durationMicros)}</span>
          </button>
        ))}
      </div>
    </section>
  );
}

const endWords = ({ status, outcome }: Attempt): string =>
  status > 0 ? `HTTP ${status}` : outcomeWords({ outcome, status, lost: false }).word;

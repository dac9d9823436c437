import { useState } from 'react';
import { useCommands, useParts, useSession } from '../app/session-context.tsx';
import { useAnswer } from '../app/use-answer.ts';
import { formatDuration } from '../format/durations.ts';
import { formatClock, formatExact } from '../format/times.ts';
import { Incomplete } from './Incomplete.tsx';
import { useNodeLabels } from './node-labels.ts';
import { OutcomeMark } from './OutcomeMark.tsx';

/** The last exchanges of a node or a link before the moment shown. They stand still while the pointer or the focus is on them. */
export function ExchangeList({
  of,
}: {
  readonly of: { readonly node: string } | { readonly link: string; readonly operation?: string };
}) {
  const { api, session } = useParts();
  const commands = useCommands();
  const labelOf = useNodeLabels();
  const mode = useSession((snapshot) => snapshot.mode.kind);
  const [held, setHeld] = useState(false);
  const answer = useAnswer(
    `exchanges ${mode} ${JSON.stringify(of)}`,
    (signal) => api.exchanges({ ...of, window: windowBefore(session.getSnapshot().playhead), limit: ROWS_MAX }, signal),
    REFRESH_MILLIS,
    held,
  );
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: nothing is operated here; the list only stands still while it is read
    <section
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
    >
      <div className="heading">
        <h3>Last messages</h3>
        {held && <span className="quiet small">held while you read</span>}
      </div>
      {answer.kind === 'waiting' && <p className="quiet">Loading …</p>}
      {answer.kind === 'failed' && (
        <p className="quiet">They could not be loaded. {answer.words} It is tried again in a moment.</p>
      )}
      {answer.kind === 'ready' && answer.value.exchanges.length === 0 && (
        <p className="quiet">None in the hour before.</p>
      )}
      {answer.kind === 'ready' && <Incomplete answer={answer.value} />}
      {answer.kind === 'ready' && answer.problem !== null && (
        <p className="incomplete small">These may be old: {answer.problem}</p>
      )}
      {answer.kind === 'ready' && (
        <div className="rows">
          {answer.value.exchanges.map((exchange) => (
            <button
              key={exchange.id}
              type="button"
              className="row exchange"
              title={`${labelOf(exchange.source, exchange.sourceName)} → ${labelOf(exchange.target, exchange.targetName)}`}
              onClick={() => commands.select({ kind: 'exchange', id: exchange.id })}
            >
              <time className="number quiet" title={formatExact(exchange.start)}>
                {formatClock(exchange.start)}
              </time>
              <span className="name">{exchange.call.operation?.name ?? 'unknown'}</span>
              <OutcomeMark exchange={exchange} />
              <span className="number">{exchange.outcome === null ? '' : formatDuration(exchange.durationMicros)}</span>
            </button>
          ))}
        </div>
      )}
    </section>
  );
}

const windowBefore = (playhead: number) => ({ from: Math.round(playhead) - HOUR, to: Math.round(playhead) });
const HOUR = 3_600_000_000;
const ROWS_MAX = 25;
const REFRESH_MILLIS = 2_000;

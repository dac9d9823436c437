import type { Transaction } from '@soa-monitor/protocol';
import { Route } from 'lucide-react';
import { useChoices, useCommands, useParts } from '../app/session-context.tsx';
import { useAnswer } from '../app/use-answer.ts';
import { formatDuration } from '../format/durations.ts';
import { formatCount } from '../format/numbers.ts';
import { missingWords } from './missing-words.ts';
import { useNodeLabels } from './node-labels.ts';
import { OutcomeMark } from './OutcomeMark.tsx';
import { type TransactionLane, transactionLanes } from './transaction-lanes.ts';

/** The transaction that an exchange is part of: what the outermost call caused, each call under its cause, in its time. */
export function TransactionTree({ transaction, current }: { readonly transaction: string; readonly current: string }) {
  const { api } = useParts();
  const answer = useAnswer(
    `transaction ${transaction}`,
    (signal) => api.transaction(transaction, signal),
    REFRESH_MILLIS,
  );
  if (answer.kind === 'waiting') return null;
  return (
    <section>
      <h3>Its transaction</h3>
      {answer.kind === 'failed' && <p className="quiet">Not known: {answer.words}</p>}
      {answer.kind === 'ready' && <TransactionView transaction={answer.value} current={current} />}
    </section>
  );
}

export function TransactionView({
  transaction,
  current,
}: {
  readonly transaction: Transaction;
  readonly current: string;
}) {
  const { choices } = useParts();
  const { transaction: shown } = useChoices();
  const isShown = shown === transaction.id;
  const gaps = missingWords(transaction.missing ?? []).map((words) => (
    <p key={words} className="incomplete small">
      {words}
    </p>
  ));
  if (transaction.exchanges.length <= 1)
    return (
      <>
        <p className="quiet">This call caused no other, and none caused it.</p>
        {gaps}
      </>
    );
  const { lanes, lengthMicros, left } = transactionLanes(transaction);
  return (
    <>
      <div className="actions">
        <button
          type="button"
          className="button"
          aria-pressed={isShown}
          onClick={() => choices.change({ transaction: isShown ? null : transaction.id })}
        >
          <Route size={16} aria-hidden="true" />
          Show it on the map
        </button>
      </div>
      <p className="quiet small">
        {formatCount(transaction.exchanges.length)} calls in {formatDuration(lengthMicros)}. A bar is a call as its
        caller saw it, the darker part the service’s time; a strong edge: without it the whole would have ended earlier.
      </p>
      <ol className="lanes">
        {lanes.map((lane) => (
          <Lane key={lane.exchange.id} lane={lane} isCurrent={lane.exchange.id === current} />
        ))}
      </ol>
      {left > 0 && <p className="incomplete small">{formatCount(left)} more calls are not listed.</p>}
      {gaps}
    </>
  );
}

function Lane({ lane, isCurrent }: { readonly lane: TransactionLane; readonly isCurrent: boolean }) {
  const commands = useCommands();
  const labelOf = useNodeLabels();
  const { exchange, service, isCritical, ownMicros } = lane;
  const own = ownMicros === null ? '' : `, ${formatDuration(ownMicros)} of it the service’s own work`;
  return (
    <li style={{ paddingLeft: `${lane.depth * INDENT_PIXELS}px` }}>
      <button
        type="button"
        className="row lane-row"
        aria-current={isCurrent}
        title={`${labelOf(exchange.source, exchange.sourceName)} → ${labelOf(exchange.target, exchange.targetName)}${own}`}
        onClick={() => commands.select({ kind: 'exchange', id: exchange.id })}
      >
        <span className="label">
          <span className="name">{exchange.call.operation?.name ?? 'unknown'}</span>{' '}
          <span className="quiet small">{labelOf(exchange.target, exchange.targetName)}</span>
        </span>
        <OutcomeMark exchange={exchange} />
        <span className="number">{exchange.outcome === null ? '' : formatDuration(exchange.durationMicros)}</span>
        {isCritical && <span className="visually-hidden">decides how long the whole took</span>}
      </button>
      <div className="bar-lane" aria-hidden="true">
        <div className={isCritical ? 'call critical' : 'call'} style={placed(lane)} />
        {service !== null && <div className="service" style={placed(service)} />}
      </div>
    </li>
  );
}

const placed = ({ offset, width }: { readonly offset: number; readonly width: number }) => ({
  left: `${offset * 100}%`,
  width: `${width * 100}%`,
});

const INDENT_PIXELS = 8;
const REFRESH_MILLIS = 5_000;

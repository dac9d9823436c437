import { useCommands, useParts } from '../app/session-context.tsx';
import { useAnswer } from '../app/use-answer.ts';
import { formatDuration } from '../format/durations.ts';
import { useNodeLabels } from './node-labels.ts';
import { OutcomeMark } from './OutcomeMark.tsx';
import { type TransactionBranch, transactionTree } from './transaction-tree.ts';

/** The transaction that an exchange is part of: what the outermost call caused, each call under its cause. */
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
      {answer.kind === 'ready' && answer.value.exchanges.length <= 1 && (
        <p className="quiet">This call caused no other, and none caused it.</p>
      )}
      {answer.kind === 'ready' && answer.value.exchanges.length > 1 && (
        <div className="tree">
          <Branches branches={transactionTree(answer.value.exchanges)} current={current} />
        </div>
      )}
    </section>
  );
}

function Branches({
  branches,
  current,
}: {
  readonly branches: readonly TransactionBranch[];
  readonly current: string;
}) {
  const commands = useCommands();
  const labelOf = useNodeLabels();
  return (
    <ul>
      {branches.map(({ exchange, children }) => (
        <li key={exchange.id}>
          <button
            type="button"
            className="row"
            aria-current={exchange.id === current}
            title={`${labelOf(exchange.source, exchange.sourceName)} → ${labelOf(exchange.target, exchange.targetName)}`}
            onClick={() => commands.select({ kind: 'exchange', id: exchange.id })}
          >
            <span className="label">
              <span className="name">{exchange.call.operation?.name ?? 'unknown'}</span>{' '}
              <span className="quiet small">{labelOf(exchange.target, exchange.targetName)}</span>
            </span>
            <OutcomeMark exchange={exchange} />
            <span className="number">{exchange.outcome === null ? '' : formatDuration(exchange.durationMicros)}</span>
          </button>
          {children.length > 0 && <Branches branches={children} current={current} />}
        </li>
      ))}
    </ul>
  );
}

const REFRESH_MILLIS = 5_000;

import { useCommands, useSession } from '../app/session-context.tsx';
import { formatAgo, formatExact } from '../format/times.ts';
import type { NodeView } from '../session/session.ts';
import { ExchangeList } from './ExchangeList.tsx';
import { Figures } from './Figures.tsx';
import { LinkRows } from './LinkRows.tsx';
import { minuteWords } from './minute-words.ts';
import { NodePlace } from './NodePlace.tsx';
import { PanelHead } from './PanelHead.tsx';
import { StateMark } from './StateMark.tsx';
import { WatchedBy } from './WatchedBy.tsx';

export function NodePanel({ id }: { readonly id: string }) {
  const commands = useCommands();
  const view = useSession(({ nodes }) => nodes.find((each) => each.node.id === id));
  const minute = useSession(minuteWords);
  const links = useSession((snapshot) => snapshot.links);
  if (view === undefined)
    return (
      <>
        <PanelHead title="Not on this map" />
        <div className="body">
          <section>
            <p>This node is not part of the map at this level and time.</p>
            <button type="button" className="button" onClick={() => commands.select(null)}>
              Select nothing
            </button>
          </section>
        </div>
      </>
    );
  const { node } = view;
  return (
    <>
      <PanelHead title={view.label} kind={node.kind}>
        <NodeState view={view} />
      </PanelHead>
      <div className="body">
        <section>
          <h3>
            {node.kind === 'client' ? 'Its calls' : 'Calls to it'} {minute}
          </h3>
          <Figures figures={view.absent ? null : view.figures} />
          {(node.address !== null || !node.monitored) && (
            <p className="quiet">
              {node.address !== null && <span className="name">{node.address}</span>}
              {!node.monitored && ' No interceptor: known only from the messages of others.'}
            </p>
          )}
        </section>
        <LinkRows title="Called by" links={links.filter((link) => link.target === id)} end="source" />
        <LinkRows title="Calls" links={links.filter((link) => link.source === id)} end="target" />
        {node.monitored && <WatchedBy node={id} />}
        <NodePlace view={view} />
        <ExchangeList of={{ node: id }} />
      </div>
    </>
  );
}

function NodeState({ view }: { readonly view: NodeView }) {
  const now = useSession((snapshot) => Math.floor(snapshot.now / 1_000_000) * 1_000_000);
  const { node, state, stateReason, stateSince } = view;
  return (
    <span className="quiet">
      {node.kind}
      {view.absent && ', not seen at this moment'}
      {state === null ? (
        <>
          , last seen <time title={formatExact(node.lastSeen)}>{formatAgo(node.lastSeen, now)}</time>
        </>
      ) : (
        <>
          {' · '}
          <StateMark state={state} />
          {stateSince !== null && (
            <>
              {' since '}
              <time title={formatExact(stateSince)}>{formatAgo(stateSince, now)}</time>
            </>
          )}
          {stateReason !== null && stateReason !== '' && <span>: {stateReason}</span>}
        </>
      )}
    </span>
  );
}

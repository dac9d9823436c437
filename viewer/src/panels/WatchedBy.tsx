import type { NodeProcess } from '@soa-monitor/protocol';
import { lossWords } from '../app/loss-words.ts';
import { useParts, useSession } from '../app/session-context.tsx';
import { useAnswer } from '../app/use-answer.ts';
import { formatExact } from '../format/times.ts';
import { besideWords, isProxy, lifeWords, listenerAddress } from './process-words.ts';
import { StateMark } from './StateMark.tsx';

/** Who reports this node: the interceptor inside its process, or a proxy in front of it; and what became of its rows. */
export function WatchedBy({ node }: { readonly node: string }) {
  const { api } = useParts();
  const answer = useAnswer(`processes ${node}`, (signal) => api.nodeProcesses(node, signal), REFRESH_MILLIS);
  const now = useSession((snapshot) => Math.floor(snapshot.now / 1_000_000) * 1_000_000);
  if (answer.kind !== 'ready') return null;
  return <Watchers processes={answer.value.processes} now={now} />;
}

export function Watchers({ processes, now }: { readonly processes: readonly NodeProcess[]; readonly now: number }) {
  const [last, ...before] = processes;
  if (last === undefined) return null;
  const losses = processes.flatMap(lossWords);
  const beside = besideWords(last);
  const alive = before.filter(({ life }) => life === 'reporting').length;
  return (
    <section>
      <h3>{isProxy(last) ? 'Watched by a proxy' : 'Watched by an interceptor'}</h3>
      <dl className="facts">
        {isProxy(last) ? (
          <BothLives proxy={last} now={now} />
        ) : (
          <>
            <dt>Interceptor</dt>
            <dd>
              <time title={formatExact(last.lastReportAt)}>{lifeWords(last, now)}</time>
            </dd>
          </>
        )}
        <dt>Process</dt>
        <dd>
          {last.pid}, <span className="quiet">{last.stack}</span>
        </dd>
        {beside.length > 0 && (
          <>
            <dt>Beside</dt>
            <dd className="quiet">{beside.join('; ')}</dd>
          </>
        )}
      </dl>
      {alive > 0 && <p className="quiet small">{alive + 1} processes report under this name.</p>}
      {losses.map((words) => (
        <p key={words} className="loss">
          {words}
        </p>
      ))}
    </section>
  );
}

/** A proxy can live while the service behind it does not: the two are told apart. */
function BothLives({ proxy, now }: { readonly proxy: NodeProcess; readonly now: number }) {
  const isOld = proxy.life !== 'reporting';
  return (
    <>
      {proxy.listeners.map((listener) => (
        <div key={listenerAddress(listener)} className="pair">
          <dt>The proxy</dt>
          <dd>
            <span className="name">{listenerAddress(listener)}</span>{' '}
            <time title={formatExact(proxy.lastReportAt)}>{lifeWords(proxy, now)}</time>
          </dd>
          <dt>Behind it</dt>
          {listener.behind === undefined ? (
            <dd className="quiet">not looked at</dd>
          ) : (
            <dd>
              <span className="name">{listener.behind.address}</span> <StateMark state={listener.behind.state} />
              <span className="quiet">
                {' '}
                {isOld && 'when the proxy last told: '}
                {listener.behind.detail}
              </span>
            </dd>
          )}
        </div>
      ))}
    </>
  );
}

const REFRESH_MILLIS = 2_000;

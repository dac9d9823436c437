import { TriangleAlert } from 'lucide-react';
import { lazy, type ReactNode, Suspense } from 'react';
import { formatClock } from '../format/times.ts';
import { goLive } from '../time-bar/recorder.ts';
import { accountingAlarm } from './accounting-words.ts';
import { afterFirstPaint } from './after-first-paint.ts';
import { DetailNotice } from './DetailNotice.tsx';
import { useParts, useSession } from './session-context.tsx';

/** What is wrong with the picture itself, in words: what happened, what it means, what to do. */
export function Notices() {
  return (
    <div className="notices" role="status">
      <ConnectionNotice />
      <ProblemNotice />
      <DetailNotice />
      <EmptyReplayNotice />
      <AccountingNotice />
      <Suspense>
        <CompletenessNotice />
      </Suspense>
    </div>
  );
}

function ConnectionNotice() {
  const connection = useSession((snapshot) => snapshot.connection);
  const live = useSession((snapshot) => snapshot.mode.kind !== 'replay');
  const second = useSession((snapshot) => Math.floor(snapshot.playhead / 1_000_000) * 1_000_000);
  if (connection === 'disconnected')
    return (
      <Notice bad title="No connection to the monitor">
        <p>
          {live
            ? `The picture stands still at ${formatClock(second)}: services may have changed since.`
            : 'What is loaded can be replayed.'}{' '}
          It is tried again by itself.
        </p>
        <p className="quiet">If it lasts: is the monitor running, and can this computer reach it?</p>
      </Notice>
    );
  if (connection === 'stale' && live)
    return (
      <Notice title="The monitor has gone silent">
        <p>
          Nothing has come from it for some seconds: the picture stands still at {formatClock(second)}. It goes on, with
          what happened meanwhile, as soon as the monitor speaks.
        </p>
      </Notice>
    );
  return null;
}

function ProblemNotice() {
  const parts = useParts();
  const problem = useSession((snapshot) => snapshot.problem);
  const unloaded = useSession(({ mode }) => mode.kind === 'replay' && mode.loaded < 1);
  if (problem === null) return null;
  if (!unloaded) return <Notice title={problem} />;
  return (
    <Notice title="This window could not be loaded whole">
      <p>The monitor said: {problem}. What is shown of this window may be less than what happened in it.</p>
      <p className="quiet">Choose the window again, or another one, in the time bar.</p>
      <button type="button" className="button" onClick={() => goLive(parts)}>
        Go live
      </button>
    </Notice>
  );
}

function EmptyReplayNotice() {
  const parts = useParts();
  const empty = useSession(
    ({ mode, nodes, problem }) => mode.kind === 'replay' && mode.loaded >= 1 && nodes.length === 0 && problem === null,
  );
  if (!empty) return null;
  return (
    <Notice plain title="Nothing was recorded in this window">
      <p>No service reported a message or a state then. Choose another window in the time bar.</p>
      <button type="button" className="button" onClick={() => goLive(parts)}>
        Go live
      </button>
    </Notice>
  );
}

function AccountingNotice() {
  const alarm = accountingAlarm(useSession((snapshot) => snapshot.accounting));
  if (alarm === null) return null;
  return (
    <details className={alarm.bad ? 'notice bad' : 'notice'} open={alarm.bad}>
      <summary className="title">
        <TriangleAlert size={16} aria-hidden="true" />
        {alarm.title}
      </summary>
      <p>{alarm.meaning}</p>
      {alarm.lines.length > 0 && (
        <ul>
          {alarm.lines.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      )}
      <p className="quiet">{alarm.toDo}</p>
    </details>
  );
}

const CompletenessNotice = lazy(async () => {
  await afterFirstPaint();
  return { default: (await import('./CompletenessNotice.tsx')).CompletenessNotice };
});

interface NoticeProps {
  readonly title: string;
  readonly bad?: boolean;
  readonly plain?: boolean;
  readonly children?: ReactNode;
}

function Notice({ title, bad = false, plain = false, children }: NoticeProps) {
  return (
    <div className={`notice ${bad ? 'bad' : plain ? 'plain' : ''}`}>
      <p className="title">
        {!plain && <TriangleAlert size={16} aria-hidden="true" />}
        {title}
      </p>
      {children}
    </div>
  );
}

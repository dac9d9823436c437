import { formatDelay } from '../format/durations.ts';
import type { Connection } from '../session/session.ts';
import { useSession } from './session-context.tsx';

/** Whether the monitor is heard, and how far the live picture runs behind now. */
export function ConnectionBadge() {
  const connection = useSession((snapshot) => snapshot.connection);
  const delay = useSession((snapshot) =>
    snapshot.mode.kind === 'live' && snapshot.connection !== 'connecting' ? formatDelay(snapshot.delayMicros) : null,
  );
  return (
    <span className={`badge ${connection}`} title={MEANINGS[connection]}>
      <span className="pulse" aria-hidden="true" />
      <span className={delay === null ? '' : 'wide-only'}>{WORDS[connection]}</span>
      {delay !== null && <span className="quiet">{delay} behind</span>}
    </span>
  );
}

const WORDS: Record<Connection, string> = {
  connecting: 'Connecting',
  connected: 'Connected',
  stale: 'Silent',
  disconnected: 'No connection',
};

const MEANINGS: Record<Connection, string> = {
  connecting: 'The monitor has not answered yet.',
  connected:
    'The picture runs this far behind now on purpose, so that messages which arrive late are still shown in order.',
  stale: 'Nothing has come from the monitor for some seconds: the picture may be old.',
  disconnected: 'The monitor cannot be reached. It is tried again by itself.',
};

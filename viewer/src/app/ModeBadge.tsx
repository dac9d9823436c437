import { formatNumber } from '../format/numbers.ts';
import { formatClock, formatExact } from '../format/times.ts';
import { useSession } from './session-context.tsx';

/** Live, held or replayed, and the moment that is shown. */
export function ModeBadge() {
  const mode = useSession((snapshot) => snapshot.mode);
  const second = useSession((snapshot) => Math.floor(snapshot.playhead / 1_000_000) * 1_000_000);
  const word = mode.kind === 'live' ? 'Live' : mode.kind === 'paused' ? 'Paused' : 'Replay';
  return (
    <span className={`badge ${mode.kind}`} title={`Shown: ${formatExact(second)}`}>
      <strong>{word}</strong>
      {mode.kind === 'replay' && <span>{formatNumber(mode.speed)}×</span>}
      <time>{formatClock(second)}</time>
    </span>
  );
}

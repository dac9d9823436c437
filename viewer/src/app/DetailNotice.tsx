import { formatCount } from '../format/numbers.ts';
import { useSession } from './session-context.tsx';

/** A map that is too large to be read at once says what it has closed, and how to open it. */
export function DetailNotice() {
  const detail = useSession((snapshot) => snapshot.mapView.detail);
  if (detail === null || detail.shown === 'all') return null;
  return (
    <p className="notice plain">
      {`${formatCount(detail.nodes)} nodes, shown as ${formatCount(detail.marks)} marks: ${detail.shown}s are closed. Zoom in, or click one, to open it.`}
    </p>
  );
}

import type { Window } from '@soa-monitor/protocol';
import { useEffect, useMemo, useState } from 'react';
import { useParts, useSession } from '../app/session-context.tsx';
import { useAnswer } from '../app/use-answer.ts';
import { collectMarks, comings, joined, type StateMarkAt, storedMarks } from './state-marks.ts';

/** What changed in the shown stretch: as stored, and what the live picture has told since. */
export function useMarks(shown: Window): readonly StateMarkAt[] {
  const { api, session } = useParts();
  const nodes = useSession((snapshot) => snapshot.nodes);
  const isSliding = useSession(({ mode }) => mode.kind !== 'replay');
  const span = shown.to - shown.from;
  const answer = useAnswer(
    isSliding ? `changes ${span}` : `changes ${shown.from} ${shown.to}`,
    (signal) => api.stateChanges({ from: Math.floor(shown.from), to: Math.ceil(shown.to) }, signal),
    REFRESH_MILLIS,
  );
  const stored = answer.kind === 'ready' ? answer.value.states : NONE;
  const [told, setTold] = useState<readonly StateMarkAt[]>([]);
  useEffect(() => {
    const collect = () => setTold((before) => collectMarks(before, session.getSnapshot().nodes));
    collect();
    return session.subscribe(collect);
  }, [session]);
  const { from, to } = shown;
  return useMemo(() => {
    const all = joined(joined(storedMarks(stored, nodes), comings(nodes, { from, to }, to)), told);
    return all.filter(({ at }) => at >= from && at <= to);
  }, [stored, nodes, told, from, to]);
}

const REFRESH_MILLIS = 10_000;
const NONE = [] as const;

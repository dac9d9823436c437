import { useEffect, useState } from 'react';
import { announcementOf, changesSince, statesOf } from './announcement.ts';
import { useParts } from './session-context.tsx';

/** Tells a screen reader of changed states: politely, at most once in five seconds, and only of the present. */
export function LiveRegion() {
  const { session } = useParts();
  const [words, setWords] = useState('');
  useEffect(() => {
    let told = statesOf(session.getSnapshot().nodes);
    const tell = () => {
      const { nodes, mode, level } = session.getSnapshot();
      if (mode.kind !== 'live') return;
      const changes = level === toldLevel ? changesSince(told, nodes) : [];
      told = statesOf(nodes);
      toldLevel = level;
      if (changes.length > 0) setWords(announcementOf(changes));
    };
    let toldLevel = session.getSnapshot().level;
    const timer = setInterval(tell, TELL_MILLIS);
    return () => clearInterval(timer);
  }, [session]);
  return (
    <p className="visually-hidden" role="status" aria-live="polite">
      {words}
    </p>
  );
}

const TELL_MILLIS = 5_000;

import { CalendarClock, ChevronDown } from 'lucide-react';
import { lazy, Suspense, useRef, useState } from 'react';
import { formatDuration } from '../format/durations.ts';
import { useChoices, useSession } from './session-context.tsx';
import { SPANS } from './view-choices.ts';

/** The stretch of time that the time bar shows: the last minutes, live, or any window of the past, replayed. */
export function WindowPicker() {
  const { spanMicros } = useChoices();
  const replayed = useSession((snapshot) => (snapshot.mode.kind === 'replay' ? snapshot.mode.window : null));
  const button = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  const span = SPANS.find((each) => each.micros === spanMicros);
  const word = replayed === null ? (span?.word ?? '') : `${formatDuration(replayed.to - replayed.from)} window`;
  return (
    <>
      <button
        ref={button}
        type="button"
        className="button"
        aria-haspopup="dialog"
        aria-expanded={open}
        aria-label={`Window of time: ${word}`}
        title="What the time bar shows"
        onClick={() => setOpen(!open)}
      >
        <CalendarClock size={16} aria-hidden="true" />
        <span className="medium-only">{word}</span>
        <ChevronDown size={16} aria-hidden="true" />
      </button>
      <Suspense>{open && <WindowDialog trigger={button} onClose={() => setOpen(false)} />}</Suspense>
    </>
  );
}

const WindowDialog = lazy(async () => ({ default: (await import('./WindowDialog.tsx')).WindowDialog }));

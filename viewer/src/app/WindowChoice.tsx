import { CalendarClock, ChevronDown } from 'lucide-react';
import { type ReactNode, type RefObject, Suspense, useRef, useState } from 'react';

interface WindowChoiceProps {
  /** What is chosen, in words, and which window that is: "Window of time". */
  readonly word: string;
  readonly name: string;
  readonly title: string;
  /** Where there is little room the word is left out, and the sign stays. */
  readonly shrinks?: boolean;
  /** The `WindowDialog` that the button opens. */
  readonly children: (trigger: RefObject<HTMLButtonElement | null>, close: () => void) => ReactNode;
}

/** A button that says which window of time is meant, and opens the choice of another. */
export function WindowChoice({ word, name, title, shrinks = false, children }: WindowChoiceProps) {
  const button = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  return (
    <>
      <button
        ref={button}
        type="button"
        className="button"
        aria-haspopup="dialog"
        aria-expanded={open}
        aria-label={`${name}: ${word}`}
        title={title}
        onClick={() => setOpen(!open)}
      >
        <CalendarClock size={16} aria-hidden="true" />
        <span className={shrinks ? 'medium-only' : ''}>{word}</span>
        <ChevronDown size={16} aria-hidden="true" />
      </button>
      <Suspense>{open && children(button, () => setOpen(false))}</Suspense>
    </>
  );
}

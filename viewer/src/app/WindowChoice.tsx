import type { Window } from '@soa-monitor/protocol';
import { CalendarClock, ChevronDown } from 'lucide-react';
import { lazy, Suspense, useRef, useState } from 'react';

export interface WindowChoiceProps {
  /** What is chosen, in words, and which window that is: "Window of time". */
  readonly word: string;
  readonly name: string;
  readonly title: string;
  /** Where there is little room the word is left out, and the sign stays. */
  readonly shrinks?: boolean;
  /** The usual ones. */
  readonly choices: readonly Choice[];
  /** Any other: what its form and its button are called, and what stands in it when it is opened. */
  readonly form: { readonly label: string; readonly action: string; range(): Window; choose(window: Window): void };
}

interface Choice {
  readonly word: string;
  readonly chosen: boolean;
  choose(): void;
}

/** A button that says which window of time is meant, and opens the choice of another. */
export function WindowChoice(props: WindowChoiceProps) {
  const { word, name, title, shrinks = false } = props;
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
      <Suspense>{open && <WindowDialog {...props} trigger={button} onClose={() => setOpen(false)} />}</Suspense>
    </>
  );
}

const WindowDialog = lazy(async () => ({ default: (await import('./WindowDialog.tsx')).WindowDialog }));

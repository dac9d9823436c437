import type { Window } from '@soa-monitor/protocol';
import { CalendarDays } from 'lucide-react';
import { lazy, Suspense, useRef, useState } from 'react';
import { formatSpan } from '../format/times.ts';

interface OtherWindowProps {
  readonly other: Window;
  readonly now: number;
  readonly onChoose: (window: Window) => void;
  readonly onEarlier: (micros: number | 'before') => void;
}

/** Which window is compared with: one of the usual ones, or any. */
export function OtherWindow({ other, now, onChoose, onEarlier }: OtherWindowProps) {
  const button = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  return (
    <>
      <label className="choice">
        <span className="visually-hidden">Compare with</span>
        <select
          className="field"
          value=""
          onChange={(event) => {
            const [word] = EARLIER.filter(({ name }) => name === event.target.value);
            if (word !== undefined) onEarlier(word.micros);
          }}
        >
          <option value="">{formatSpan(other.from, other.to, now)}</option>
          {EARLIER.map(({ name }) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <button
        ref={button}
        type="button"
        className="button"
        aria-haspopup="dialog"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        <CalendarDays size={16} aria-hidden="true" />
        Another window
      </button>
      <Suspense>
        {open && (
          <OtherWindowDialog trigger={button} other={other} onChoose={onChoose} onClose={() => setOpen(false)} />
        )}
      </Suspense>
    </>
  );
}

const HOUR = 3_600_000_000;
const EARLIER = [
  { name: 'just before', micros: 'before' },
  { name: 'an hour earlier', micros: HOUR },
  { name: 'a day earlier', micros: 24 * HOUR },
  { name: 'a week earlier', micros: 168 * HOUR },
] as const;

const OtherWindowDialog = lazy(async () => ({ default: (await import('./OtherWindowDialog.tsx')).OtherWindowDialog }));

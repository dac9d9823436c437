import type { Window } from '@soa-monitor/protocol';
import { formatSpan, fromInputValue, toInputValue } from '../format/times.ts';

interface OtherWindowProps {
  readonly other: Window;
  readonly now: number;
  readonly onChoose: (window: Window) => void;
  readonly onEarlier: (micros: number | 'before') => void;
}

/** Which window is compared with: one of the usual ones, or any. */
export function OtherWindow({ other, now, onChoose, onEarlier }: OtherWindowProps) {
  const change = (from: number | null, to: number | null) => {
    if (from !== null && to !== null && from < to) onChoose({ from, to });
  };
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
      <label className="choice">
        <span className="quiet">From</span>
        <input
          className="field"
          type="datetime-local"
          step="1"
          value={toInputValue(other.from)}
          onChange={(event) => change(fromInputValue(event.target.value), other.to)}
        />
      </label>
      <label className="choice">
        <span className="quiet">to</span>
        <input
          className="field"
          type="datetime-local"
          step="1"
          value={toInputValue(other.to)}
          onChange={(event) => change(other.from, fromInputValue(event.target.value))}
        />
      </label>
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

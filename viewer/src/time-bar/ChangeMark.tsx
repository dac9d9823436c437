import type { StateMarkAt } from './state-marks.ts';

/** A state change at the foot of the chart: a filled triangle for trouble, a small tick for well again. */
export function ChangeMark({ mark, left }: { readonly mark: StateMarkAt; readonly left: string }) {
  const colour = COLOURS.get(mark.state) ?? 'var(--text-2)';
  return (
    <span className="mark" style={{ left }}>
      <svg width="12" height="12" aria-hidden="true">
        {mark.state === 'up' ? (
          <path d="M6 6v6" stroke={colour} strokeWidth="2" />
        ) : (
          <path d="M6 1 11.500 11.500H.5Z" fill={colour} stroke="var(--surface)" />
        )}
      </svg>
    </span>
  );
}

const COLOURS = new Map([
  ['up', 'var(--up)'],
  ['suspect', 'var(--degraded)'],
  ['degraded', 'var(--degraded)'],
  ['down', 'var(--down)'],
  ['maintenance', 'var(--maintenance)'],
]);

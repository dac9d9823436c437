import type { StateMarkAt } from './state-marks.ts';

/** A change at the foot of the chart: a filled triangle for trouble, a tick for well again, a plus and a minus for who came and went. */
export function ChangeMark({ mark, left }: { readonly mark: StateMarkAt; readonly left: string }) {
  const colour = COLOURS.get(mark.state) ?? 'var(--text-2)';
  const line = LINES.get(mark.state);
  return (
    <span className="mark" style={{ left }}>
      <svg width="12" height="12" aria-hidden="true">
        {line === undefined ? (
          <path d="M6 1 11.500 11.500H.5Z" fill={colour} stroke="var(--surface)" />
        ) : (
          <path d={line} stroke={colour} strokeWidth="2" />
        )}
      </svg>
    </span>
  );
}

const LINES = new Map([
  ['up', 'M6 6v6'],
  ['came', 'M6 3v8M2 7h8'],
  ['went', 'M2 7h8'],
]);

const COLOURS = new Map([
  ['up', 'var(--up)'],
  ['suspect', 'var(--degraded)'],
  ['degraded', 'var(--degraded)'],
  ['down', 'var(--down)'],
  ['maintenance', 'var(--maintenance)'],
]);

import { describe, expect, it } from 'vitest';
import { nodeView } from '../app/session-stand-in.ts';
import { collectMarks } from './state-marks.ts';

const down = nodeView('bank', { state: 'down', stateSince: 10_000_000 });
const up = nodeView('bank', { state: 'up', stateSince: 20_000_000 });

describe('the marks of state changes', () => {
  it('stay when the node has changed again', () => {
    const marks = collectMarks(collectMarks([], [down]), [up]);
    expect(marks.map((mark) => mark.state)).toEqual(['down', 'up']);
  });
  it('are the same list when nothing is new', () => {
    const marks = collectMarks([], [down]);
    expect(collectMarks(marks, [down])).toBe(marks);
  });
  it('count a server and its endpoints once', () => {
    const endpoint = nodeView('bank/pay', { state: 'down', stateSince: 10_000_000 });
    expect(collectMarks([], [down, endpoint])).toHaveLength(1);
  });
  it('leave out what has no state', () => {
    expect(
      collectMarks([], [nodeView('crowd', { kind: 'client' }), nodeView('x', { state: 'unknown', stateSince: 5 })]),
    ).toEqual([]);
  });
  it('are bounded, the newest kept', () => {
    const many = Array.from({ length: 300 }, (_, index) =>
      nodeView(`n${index}`, { state: 'down', stateSince: index * 1_000_000 }),
    );
    const marks = collectMarks([], many);
    expect(marks).toHaveLength(200);
    expect(marks.at(-1)?.at).toBe(299_000_000);
  });
});

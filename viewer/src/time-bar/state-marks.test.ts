import { describe, expect, it } from 'vitest';
import { nodeView } from '../app/session-stand-in.ts';
import { collectMarks, comings, joined, markWords, storedMarks } from './state-marks.ts';

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
  it('come from what is stored too, with the names of their nodes, and the same change is not marked twice', () => {
    const change = { version: 1, node: 'bank', at: 10_000_000, state: 'down', reason: 'no answer' };
    const stored = storedMarks([change, { ...change, node: 'nobody', at: 12_000_000, state: 'up' }], [down]);
    expect(stored.map(markWords)).toEqual(['bank is down', 'a node is up']);
    expect(joined(stored, collectMarks([], [down]))).toBe(stored);
  });
  it('tell which nodes came and which clients went silent in the window, and only in it', () => {
    const minutes = (count: number) => count * 60_000_000;
    const client = nodeView('kiosk', { kind: 'client' });
    const seen = (firstSeen: number, lastSeen: number) => ({
      ...client,
      node: { ...client.node, firstSeen, lastSeen },
    });
    const window = { from: minutes(10), to: minutes(60) };
    const words = (nodes: Parameters<typeof comings>[0]) => comings(nodes, window, minutes(60)).map(markWords);
    expect(words([seen(minutes(20), minutes(30))])).toEqual(['kiosk came', 'kiosk went']);
    expect(words([seen(minutes(20), minutes(59))])).toEqual(['kiosk came']);
    expect(words([seen(minutes(5), minutes(59))])).toEqual([]);
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

import { isError, OUTCOMES, type Outcome, type Window } from '@soa-monitor/protocol';
import type { Api } from '../feed/api.ts';

export type Found =
  | { readonly kind: 'found'; readonly id: string; readonly start: number }
  | { readonly kind: 'none'; readonly words: string };

/** Outcomes that are neither well nor a round that went on. */
export const FAILED: readonly Outcome[] = OUTCOMES.filter((outcome) => outcome === 'fault' || isError(outcome));

/** What of a window lies past a moment, in one direction; the moment itself is not in it. */
export const pastThe = (at: number, window: Window, direction: 1 | -1): Window =>
  direction === 1
    ? { from: Math.floor(at) + 1, to: Math.max(window.to, Math.floor(at) + 2) }
    : { from: Math.min(window.from, Math.ceil(at) - 1), to: Math.ceil(at) };

/** Asks the monitor for the first exchange of a window that ended in one of some ways (none given: any), seen from either end. */
export async function findExchange(
  api: Pick<Api, 'exchanges'>,
  window: Window,
  direction: 1 | -1,
  outcomes: readonly Outcome[],
): Promise<Found> {
  let cursor: string | null = null;
  for (let page = 0; page < PAGES_MAX; page++) {
    const answer: Awaited<ReturnType<Api['exchanges']>> = await api.exchanges({
      window,
      order: direction === 1 ? 'oldest' : 'newest',
      limit: 1,
      ...(outcomes.length === 0 ? {} : { outcome: outcomes.join() }),
      ...(cursor === null ? {} : { cursor }),
    });
    if (answer.kind !== 'ok') return { kind: 'none', words: answer.kind === 'failed' ? answer.words : '' };
    const [first] = answer.value.exchanges;
    if (first !== undefined) return { kind: 'found', id: first.id, start: first.start };
    cursor = answer.value.cursor;
    if (cursor === null) {
      const what = outcomes.length === 0 ? 'message' : 'failed call';
      return { kind: 'none', words: `There is no ${direction === 1 ? 'later' : 'earlier'} ${what} in this window.` };
    }
  }
  return { kind: 'none', words: `None was found in the first ${PAGES_MAX} looks: the window holds too much between.` };
}

/** A page may come back empty after looking through much: so often it is gone on. */
const PAGES_MAX = 50;

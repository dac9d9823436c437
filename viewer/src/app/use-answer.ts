import { useEffect, useRef, useState } from 'react';
import type { Answer } from '../feed/api.ts';

/** What a panel knows of an answer of the API. A failure after a success keeps the last one: old is better than nothing. */
export type Known<Value> =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'ready'; readonly value: Value; readonly problem: string | null }
  | { readonly kind: 'failed'; readonly words: string };

/**
 * Asks now and then again `refreshMillis` after each answer (0: never); not while the page is hidden. Another `key` forgets
 * and asks anew; `ask` may be another function each time: the newest is called. `held` keeps the answer as it is.
 */
export function useAnswer<Value>(
  key: string,
  ask: (signal: AbortSignal) => Promise<Answer<Value>>,
  refreshMillis: number,
  held = false,
): Known<Value> {
  const [kept, setKept] = useState<{ readonly key: string; readonly known: Known<Value> }>({ key, known: WAITING });
  const newest = useRef({ ask, held });
  useEffect(() => {
    newest.current = { ask, held };
  });

  useEffect(() => {
    const abort = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const again = () => {
      if (refreshMillis > 0 && !abort.signal.aborted) timer = setTimeout(run, refreshMillis);
    };
    const run = async () => {
      if (!newest.current.held && !document.hidden) {
        const answer = await newest.current.ask(abort.signal);
        if (abort.signal.aborted) return;
        setKept((before) => ({ key, known: afterAnswer(before.key === key ? before.known : WAITING, answer) }));
      }
      again();
    };
    void run();
    return () => {
      abort.abort();
      clearTimeout(timer);
    };
  }, [key, refreshMillis]);

  return kept.key === key ? kept.known : WAITING;
}

export function afterAnswer<Value>(before: Known<Value>, answer: Answer<Value>): Known<Value> {
  if (answer.kind === 'ok') return { kind: 'ready', value: answer.value, problem: null };
  if (answer.kind === 'aborted') return before;
  return before.kind === 'ready' ? { ...before, problem: answer.words } : { kind: 'failed', words: answer.words };
}

const WAITING = { kind: 'waiting' } as const;

import { useQuery } from '@tanstack/react-query';
import type { Answer } from '../feed/api.ts';

/** What a panel knows of an answer of the API. A failure after a success keeps the last one: old is better than nothing. */
export type Known<Value> =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'ready'; readonly value: Value; readonly problem: string | null }
  | { readonly kind: 'failed'; readonly words: string };

/**
 * Asks now and then again every `refreshMillis` (0: never); not while the page is hidden. Another `key` is another question;
 * one that was asked a moment ago is shown at once and asked again. `ask` may be another function each time: the newest is
 * called. `held` keeps the answer as it is.
 */
export function useAnswer<Value>(
  key: string,
  ask: (signal: AbortSignal) => Promise<Answer<Value>>,
  refreshMillis: number,
  held = false,
): Known<Value> {
  const { data, error } = useQuery({
    queryKey: [key],
    queryFn: async ({ signal }) => answered(await ask(signal)),
    refetchInterval: held || refreshMillis === 0 ? false : refreshMillis,
    refetchOnWindowFocus: !held && refreshMillis > 0,
    structuralSharing: false,
  });
  return knownOf(data, error);
}

export function knownOf<Value>(value: Value | undefined, failure: Error | null): Known<Value> {
  if (value !== undefined) return { kind: 'ready', value, problem: failure?.message ?? null };
  return failure === null ? WAITING : { kind: 'failed', words: failure.message };
}

/** TanStack Query's way of failing is to throw. */
function answered<Value>(answer: Answer<Value>): Value {
  if (answer.kind === 'ok') return answer.value;
  throw new Error(answer.kind === 'aborted' ? 'The question was given up.' : answer.words);
}

const WAITING = { kind: 'waiting' } as const;

import type { Exchange, Outcome } from '@soa-monitor/protocol';

export interface OutcomeWords {
  readonly kind: 'fine' | 'fault' | 'error' | 'waiting';
  readonly word: string;
  readonly meaning: string;
}

/** An outcome in the field's words, with what it means. */
export function outcomeWords({ outcome, lost, status }: Pick<Exchange, 'outcome' | 'lost' | 'status'>): OutcomeWords {
  if (outcome === null)
    return lost
      ? { kind: 'error', word: 'lost', meaning: 'The process went away before the exchange ended' }
      : { kind: 'waiting', word: 'in flight', meaning: 'No reply yet' };
  if (outcome === 'httpError')
    return { ...WORDS.httpError, word: status > 0 ? `HTTP ${status}` : WORDS.httpError.word };
  return WORDS[outcome];
}

const WORDS: Record<Outcome, OutcomeWords> = {
  ok: { kind: 'fine', word: 'ok', meaning: 'A reply came, and it was no fault' },
  oneWay: { kind: 'fine', word: 'one-way', meaning: 'A message that wants no reply' },
  fault: { kind: 'fault', word: 'fault', meaning: 'The service answered with a SOAP fault' },
  refused: { kind: 'error', word: 'refused', meaning: 'No connection to the service' },
  timeout: { kind: 'error', word: 'timeout', meaning: 'The caller gave up waiting' },
  aborted: { kind: 'error', word: 'aborted', meaning: 'The connection broke before the reply was whole' },
  malformed: { kind: 'error', word: 'malformed', meaning: 'The request was not well-formed XML' },
  httpError: { kind: 'error', word: 'HTTP error', meaning: 'An HTTP error without a SOAP fault' },
  attempt: { kind: 'waiting', word: 'attempt', meaning: 'The same message was sent again and answered then' },
};

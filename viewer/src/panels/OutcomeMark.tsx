import type { Exchange } from '@soa-monitor/protocol';
import { outcomeWords } from './outcome-words.ts';

/** How an exchange ended, with the map's own sign: a diamond for a fault, a cross for a failed call, a disc for a good one. */
export function OutcomeMark({ exchange }: { readonly exchange: Exchange }) {
  const { kind, word, meaning } = outcomeWords(exchange);
  return (
    <span className={`outcome ${kind === 'fault' || kind === 'error' ? 'bad' : kind}`} title={meaning}>
      <svg width="12" height="12" viewBox="0 0 12 12" aria-hidden="true">
        {kind === 'fault' && <path d="M6 .5 11.500 6 6 11.500.5 6Z" fill="currentColor" />}
        {kind === 'error' && <path d="m2 2 8 8m0-8-8 8" stroke="currentColor" strokeWidth="2" />}
        {kind === 'fine' && <circle cx="6" cy="6" r="3" fill="currentColor" />}
        {kind === 'waiting' && <circle cx="6" cy="6" r="4" fill="none" stroke="currentColor" strokeWidth="1.500" />}
      </svg>
      {word}
    </span>
  );
}

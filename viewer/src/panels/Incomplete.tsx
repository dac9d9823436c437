import type { Explain, Topology } from '@soa-monitor/protocol';
import { Info } from 'lucide-react';
import { incompleteWords } from './missing-words.ts';

/** Beside an answer: what of it is not whole. Nothing when it is. */
export function Incomplete({
  answer,
}: {
  readonly answer: { readonly explain?: Explain; readonly folded?: Topology['folded'] };
}) {
  return incompleteWords(answer).map((words) => (
    <p key={words} className="incomplete small">
      <Info size={12} aria-hidden="true" /> {words}
    </p>
  ));
}

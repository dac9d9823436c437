import type { Lit } from './light.ts';
import type { Pick } from './messages.ts';

/** What is selected, what the pointer is over, and what alone stands in the light (null: all). */
export interface Marked {
  readonly selection: Pick | null;
  readonly hover: Pick | null;
  readonly lit: Lit | null;
}

export const isPicked = ({ selection, hover }: Marked, kind: Pick['kind'], id: string): boolean =>
  (selection?.kind === kind && selection.id === id) || (hover?.kind === kind && hover.id === id);

import type { Act } from './act.ts';
import { killAct } from './kill-act.ts';

/** Every kind of bad luck, by its name. */
export const ACTS = {
  kill: killAct,
} as const satisfies { readonly [name: string]: Act };

export type ActName = keyof typeof ACTS;

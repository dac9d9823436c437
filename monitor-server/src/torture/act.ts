import type { Random } from '../store/testing/random.ts';

/** What an act is given: a seeded random source, a folder of its own, a name that no other act has. */
export interface Stage {
  readonly random: Random;
  readonly folder: string;
  readonly name: string;
  readonly key: string;
  /** The end of the run, by performance.now(): an act ends early then. */
  readonly until: number;
}

export interface Played {
  readonly kills: number;
  readonly rows: number;
  /** What was found wrong; empty: the act went well. */
  readonly findings: readonly string[];
  /** What is worth telling though nothing is wrong, or why the act could not be played. */
  readonly notes?: readonly string[];
}

export type Act = (stage: Stage) => Promise<Played>;

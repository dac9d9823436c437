import { type Profile, type Wish, wishes } from './profiles.ts';
import type { Random } from './random.ts';

export type AirlineName = 'airline-a' | 'airline-b';

/**
 * One thing to do, chosen without looking at what the services answered: that is why a seed repeats it. `pick` says
 * which of what is there when it is done (0 the first, just under 1 the last).
 */
export type Choice = {
  readonly wish: Wish;
  readonly airline: AirlineName;
  readonly customer: number;
  readonly pick: number;
};

const CUSTOMERS = 12;

/** Each choice takes four numbers, whatever it becomes. */
export function createChoices({ weights }: Profile, random: Random): () => Choice {
  const wishOf = weighted(weights);
  return () => ({
    wish: wishOf(random()),
    airline: random() < 0.5 ? 'airline-a' : 'airline-b',
    customer: Math.floor(random() * CUSTOMERS),
    pick: random(),
  });
}

function weighted(weights: Profile['weights']): (at: number) => Wish {
  const steps: { readonly wish: Wish; readonly upTo: number }[] = [];
  let total = 0;
  for (const wish of wishes) {
    total += weights[wish] ?? 0;
    steps.push({ wish, upTo: total });
  }
  return (at) => steps.find(({ upTo }) => at * total < upTo)?.wish ?? 'listFlights';
}

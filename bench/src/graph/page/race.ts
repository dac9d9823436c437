import { seededRandom } from '../../../../viewer/src/scene/random.ts';
import { calm } from '../../statistics.ts';
import { type GeneratedEstate, generateEstate } from '../generated-estate.ts';
import { ENGINES_RACED, type Engine, type LayoutAnswer, type LayoutQuestion, type Round } from '../layout-question.ts';
import { ENGINES } from './engines.ts';

/** From nothing so far: the state all begin from is neither a heap nor at rest. */
const TICKS_TO_STATE = 30;

/**
 * Ticks of all engines side by side in one worker, round by round: each begins each round at the same positions and does
 * as many ticks, forth in one round and back in the next. The first round only warms the code up.
 */
export function race({ nodes, calls, seed, rounds, ticks }: Extract<LayoutQuestion, { kind: 'race' }>): LayoutAnswer {
  const estate = generateEstate(nodes, calls, seededRandom(seed));
  const first = ENGINES.own(estate, seed, null);
  for (let tick = 0; tick < TICKS_TO_STATE; tick++) first.tick();
  const state = first.positions();
  const found: Round[] = [];
  for (let round = 0; round <= rounds; round++) {
    const calmest = { own: 0, d3: 0, d3WithRoom: 0, forceAtlas2: 0 };
    const order = round % 2 === 0 ? ENGINES_RACED : [...ENGINES_RACED].reverse();
    for (const engine of order) calmest[engine] = calmTick(engine, estate, seed, state, ticks);
    if (round > 0) found.push(calmest);
  }
  return { kind: 'raced', rounds: found };
}

/** What a fifth of the ticks stay below: the others were disturbed by what else runs, and long ticks more often than short ones. */
function calmTick(engine: Engine, estate: GeneratedEstate, seed: number, state: Float32Array, ticks: number): number {
  const running = ENGINES[engine](estate, seed, state);
  const millis = Array.from({ length: ticks }, () => {
    const began = performance.now();
    running.tick();
    return performance.now() - began;
  });
  return calm(millis);
}

import { seededRandom } from '../../../../viewer/src/scene/random.ts';
import { generateEstate } from '../generated-estate.ts';
import type { LayoutAnswer, LayoutQuestion } from '../layout-question.ts';
import { stressOf } from '../stress.ts';
import { ENGINES } from './engines.ts';

/** One layout from nothing to rest, and what its picture is worth. */
export function settle({ engine, nodes, calls, seed }: Extract<LayoutQuestion, { kind: 'settle' }>): LayoutAnswer {
  const estate = generateEstate(nodes, calls, seededRandom(seed));
  const began = performance.now();
  const running = ENGINES[engine](estate, seed, null);
  let ticks = 0;
  for (; !running.isSettled() && ticks < TICKS_MAX; ticks++) running.tick();
  const totalMillis = performance.now() - began;
  const stress = stressOf(running.positions(), [...estate.calls, ...estate.containment], seededRandom(1));
  return { kind: 'settled', totalMillis, ticks, stress };
}

const TICKS_MAX = 1_000;

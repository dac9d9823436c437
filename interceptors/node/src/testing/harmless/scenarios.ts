import { aborted } from './scenarios/aborted.ts';
import { called } from './scenarios/called.ts';
import { paired } from './scenarios/paired.ts';
import { served } from './scenarios/served.ts';
import { stacks } from './scenarios/stacks.ts';
import type { Scenario } from './trial.ts';

export const scenarios: readonly Scenario[] = [served, aborted, stacks, called, paired];

import type { Act } from './act.ts';
import { clockStepAct, dayLateAct, daylightSavingAct, strangeClockAct, systemClockStepAct } from './clock-acts.ts';
import { damagedAct } from './damage-act.ts';
import { diskFullAct } from './disk-full-act.ts';
import { missingHalvesAct, restartBetweenHalvesAct, twoOfOneNameAct } from './halves-acts.ts';
import { readErrorAct, writeErrorAct } from './io-error-act.ts';
import { killAct } from './kill-act.ts';
import { endlessReaderAct, lockedAct } from './lock-act.ts';
import { logCutAct } from './log-cut-act.ts';
import { readOnlyAct } from './read-only-act.ts';

/** Every kind of bad luck, by its name. */
export const ACTS = {
  kill: killAct,
  logCut: logCutAct,
  diskFull: diskFullAct,
  locked: lockedAct,
  endlessReader: endlessReaderAct,
  readOnly: readOnlyAct,
  damaged: damagedAct,
  readError: readErrorAct,
  writeError: writeErrorAct,
  clockStep: clockStepAct,
  systemClockStep: systemClockStepAct,
  strangeClock: strangeClockAct,
  dayLate: dayLateAct,
  daylightSaving: daylightSavingAct,
  restartBetweenHalves: restartBetweenHalvesAct,
  missingHalves: missingHalvesAct,
  twoOfOneName: twoOfOneNameAct,
} as const satisfies { readonly [name: string]: Act };

export type ActName = keyof typeof ACTS;

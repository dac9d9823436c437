import type { Store } from '../store.ts';
import { describeAccounting } from './contract-accounting.ts';
import { describeAnswers } from './contract-answers.ts';
import { describeArrivals } from './contract-arrivals.ts';
import { describeAttempts } from './contract-attempts.ts';
import { describeAttribution } from './contract-attribution.ts';
import { describeBodies } from './contract-bodies.ts';
import { describeClocks } from './contract-clocks.ts';
import { describeHashJoining } from './contract-hash-joining.ts';
import { describeJoining } from './contract-joining.ts';
import { describeQuestions } from './contract-questions.ts';
import { describeRecords } from './contract-records.ts';
import { describeReplay } from './contract-replay.ts';
import { describeTransactions } from './contract-transactions.ts';

/** Opens a store; twice with one path opens the same database again. */
export type OpenStore = (path: string) => Promise<Store>;

/** The one contract that holds every adapter of the store to the same answers. */
export function describeStore(name: string, open: OpenStore): void {
  for (const describeTopic of [
    describeRecords,
    describeBodies,
    describeJoining,
    describeHashJoining,
    describeClocks,
    describeAttempts,
    describeAttribution,
    describeTransactions,
    describeQuestions,
    describeAnswers,
    describeReplay,
    describeAccounting,
    describeArrivals,
  ])
    describeTopic(name, open);
}

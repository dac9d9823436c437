import type { ReactNode } from 'react';
import type { SessionSnapshot } from '../session/session.ts';
import { type PanelApi, PartsProvider } from './session-context.tsx';
import { sessionStandIn } from './session-stand-in.ts';
import { type Choices, createViewChoices, FIRST_CHOICES } from './view-choices.ts';

/** A part of the page around a snapshot, without a monitor: every question to the API stays unanswered. For tests. */
export function pageStandIn(snapshot: SessionSnapshot, page: ReactNode, choices: Partial<Choices> = {}): ReactNode {
  const parts = {
    session: sessionStandIn(snapshot).session,
    api: silentApi,
    choices: createViewChoices({ ...FIRST_CHOICES, ...choices }),
  };
  return <PartsProvider parts={parts}>{page}</PartsProvider>;
}

const never = () => new Promise<never>(() => {});
const silentApi: PanelApi = {
  traffic: never,
  topology: never,
  exchanges: never,
  exchange: never,
  transaction: never,
  nodeProcesses: never,
  stateChanges: never,
  compare: never,
  pictureAt: never,
  replayBytes: never,
};

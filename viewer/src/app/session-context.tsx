import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { createContext, type ReactNode, useContext, useState, useSyncExternalStore } from 'react';
import type { Api } from '../feed/api.ts';
import type { Session, SessionCommands, SessionSnapshot } from '../session/session.ts';
import type { Choices, ViewChoices } from './view-choices.ts';

/** What the panels are given: the session, the API and the choices of this view. All of it lives outside React. */
export interface Parts {
  readonly session: Session;
  readonly api: PanelApi;
  readonly choices: ViewChoices;
}

/** What the panels ask of the HTTP API. */
export type PanelApi = Pick<
  Api,
  | 'traffic'
  | 'topology'
  | 'exchanges'
  | 'exchange'
  | 'transaction'
  | 'nodeProcesses'
  | 'pictureAt'
  | 'replayBytes'
  | 'stateChanges'
  | 'compare'
>;

export function PartsProvider({ parts, children }: { readonly parts: Parts; readonly children: ReactNode }) {
  const [queries] = useState(
    () => new QueryClient({ defaultOptions: { queries: { gcTime: KEPT_MILLIS, retry: false } } }),
  );
  return (
    <QueryClientProvider client={queries}>
      <PartsContext value={parts}>{children}</PartsContext>
    </QueryClientProvider>
  );
}

/**
 * A part of the newest snapshot: the only bridge from the session into React. A component is drawn again only when its part
 * has changed, so `select` must give the same value (by identity) for the same snapshot.
 */
export function useSession<Part>(select: (snapshot: SessionSnapshot) => Part): Part {
  const { session } = useParts();
  const read = () => select(session.getSnapshot());
  return useSyncExternalStore(session.subscribe, read, read);
}

export function useChoices(): Choices {
  const { choices } = useParts();
  return useSyncExternalStore(choices.subscribe, choices.get, choices.get);
}

export const useCommands = (): SessionCommands => useParts().session.commands;

export function useParts(): Parts {
  const parts = useContext(PartsContext);
  if (parts === null) throw new Error('A panel was drawn outside PartsProvider');
  return parts;
}

/** An answer that nobody shows any more is forgotten after so long. */
const KEPT_MILLIS = 60_000;

const PartsContext = createContext<Parts | null>(null);

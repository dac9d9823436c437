import type { Node, StateChange } from '@soa-monitor/protocol';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { Store } from '../store/store.ts';
import type { NodeTree } from './node-tree.ts';
import { type Shown, worstOf } from './worst-state.ts';

/** Records what servers, their endpoints and their machines are shown as: only what changed, each with its reason. */
export interface StateBook {
  show(server: string, shown: Shown): void;
  /** A new endpoint begins with its server's state. */
  adopt(node: Node): void;
  /** Resolves when all that was to be recorded is. */
  close(): Promise<void>;
}

export function createStateBook(parts: {
  readonly store: Pick<Store, 'recordStates'>;
  readonly tree: NodeTree;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
}): StateBook {
  const { store, tree, clock, log, metrics } = parts;
  const recorded = new Map<string, Shown>();
  const servers = new Map<string, Shown>();
  let recording: Promise<void> = Promise.resolve();

  const stateOf = (id: string): string => recorded.get(id)?.state ?? tree.node(id)?.state?.state ?? 'unknown';

  const isSame = (id: string, { state, isBehind = false }: Shown): boolean => {
    const before = recorded.get(id);
    return stateOf(id) === state && (before === undefined || (before.isBehind ?? false) === isBehind);
  };

  const machineState = (machine: string): Shown =>
    worstOf(
      tree.children(machine).flatMap((server) => {
        if (server.kind !== 'server') return [];
        const shown = servers.get(server.id) ?? { state: stateOf(server.id), reason: server.state?.reason ?? '' };
        return [{ name: server.name, ...shown }];
      }),
    );

  function record(shown: readonly (Shown & { readonly node: string })[]): void {
    const at = clock.now();
    const changes: Omit<StateChange, 'version'>[] = [];
    for (const { node, ...now } of shown) {
      if (isSame(node, now)) continue;
      recorded.set(node, now);
      changes.push({ node, at, state: now.state, reason: now.reason });
      metrics.count('state_changes', now.state);
    }
    if (changes.length === 0) return;
    recording = recording
      .then(() => store.recordStates(changes))
      .catch((error: unknown) => {
        log.error({ err: error }, 'state changes could not be recorded');
        // As the register has them, so that the next ping tries again.
        for (const { node } of changes) recorded.delete(node);
      });
  }

  return {
    show(server, shown) {
      servers.set(server, shown);
      const endpoints = tree.children(server).filter(({ kind }) => kind === 'endpoint');
      const machine = tree.node(server)?.parent ?? null;
      record([
        { node: server, ...shown },
        ...endpoints.map(({ id }) => ({ node: id, ...shown })),
        ...(machine === null ? [] : [{ node: machine, ...machineState(machine) }]),
      ]);
    },
    adopt(node) {
      const shown = node.parent === null ? undefined : servers.get(node.parent);
      if (shown && node.kind === 'endpoint') record([{ node: node.id, ...shown }]);
    },
    close: () => recording,
  };
}

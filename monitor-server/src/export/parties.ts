import type { Node } from '@soa-monitor/protocol';
import type { Store } from '../store/store.ts';

/** Who stands at an end of a link. */
export interface Party {
  /** Null: no interceptor tells it. */
  readonly machine: string | null;
  /** Of the process; of what nobody reports: its IP address, or host and port as called. */
  readonly name: string;
}

export interface Parties {
  /** By the id of any node: an endpoint is told as its server. */
  of(node: string): Promise<Party>;
}

/** Looked up, and then kept: as ids are made of names, neither changes. When there are too many all are forgotten. */
const KEPT_MAX = 10_000;
/** An endpoint, its server, its machine. */
const DEPTH_MAX = 4;

export function createParties(store: Pick<Store, 'node'>): Parties {
  const kept = new Map<string, Party>();
  async function lookUp(id: string): Promise<Party> {
    let process: Node | null = null;
    let next: string | null = id;
    for (let depth = 0; depth < DEPTH_MAX && next !== null; depth++) {
      const node: Node | null = await store.node(next);
      if (node === null) break;
      if (node.kind === 'machine') return { machine: node.name, name: process?.name ?? node.name };
      process = node;
      next = node.parent;
    }
    return { machine: null, name: process?.address ?? process?.name ?? id };
  }
  return {
    async of(id) {
      const known = kept.get(id);
      if (known !== undefined) return known;
      const party = await lookUp(id);
      if (kept.size >= KEPT_MAX) kept.clear();
      kept.set(id, party);
      return party;
    },
  };
}

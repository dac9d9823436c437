import type { Node } from '@soa-monitor/protocol';
import type { Store } from '../store/store.ts';

/** Which endpoints belong to a server and which servers to a machine, and what state each was last shown in. */
export interface NodeTree {
  /** The undo of the subscription, once the register has been read. */
  load(): Promise<void>;
  node(id: string): Node | null;
  children(id: string): readonly Node[];
  close(): void;
}

const PAGE = 1_000;

/** `onNew` is told of each endpoint and server that appears after `load`. */
export function createNodeTree(parts: {
  readonly store: Pick<Store, 'nodes' | 'subscribe'>;
  readonly onNew: (node: Node) => void;
}): NodeTree {
  const { store, onNew } = parts;
  const nodes = new Map<string, Node>();
  const children = new Map<string, Set<string>>();
  let isLoaded = false;

  function keep(node: Node): void {
    const isNew = !nodes.has(node.id);
    const parentBefore = nodes.get(node.id)?.parent ?? null;
    nodes.set(node.id, node);
    if (parentBefore !== null && parentBefore !== node.parent) children.get(parentBefore)?.delete(node.id);
    if (node.parent !== null) {
      const siblings = children.get(node.parent) ?? new Set<string>();
      children.set(node.parent, siblings.add(node.id));
    }
    if (isNew && isLoaded && (node.kind === 'endpoint' || node.kind === 'server')) onNew(node);
  }

  const unsubscribe = store.subscribe(({ feed }) => {
    for (const node of feed.nodes) keep(node);
  });
  return {
    async load() {
      let cursor: string | null = null;
      do {
        const page: Awaited<ReturnType<Store['nodes']>> = await store.nodes(cursor, PAGE);
        for (const node of page.nodes) if (!nodes.has(node.id)) keep(node);
        cursor = page.cursor;
      } while (cursor !== null);
      isLoaded = true;
    },
    node: (id) => nodes.get(id) ?? null,
    children: (id) => [...(children.get(id) ?? [])].flatMap((child) => nodes.get(child) ?? []),
    close: unsubscribe,
  };
}

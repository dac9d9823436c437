import { useSession } from '../app/session-context.tsx';

/**
 * Gives a node's name with what it belongs to, as the map has it ("bank · /bank"); the bare name of the answer where the node
 * is not on the map at this level.
 */
export function useNodeLabels(): (id: string, name: string) => string {
  const nodes = useSession((snapshot) => snapshot.nodes);
  return (id, name) => nodes.find(({ node }) => node.id === id)?.label ?? name;
}

import type { Lens } from '../session/lens.ts';
import type { NodeView } from '../session/session.ts';
import { holds } from './evaluate.ts';
import type { Expression } from './expression.ts';

/** Shows the links of which the expression holds with both their ends, and the nodes of which it holds. */
export const findLens =
  (expression: Expression): Lens =>
  (nodes, links) => {
    const byId = new Map<string, NodeView>(nodes.map((view) => [view.node.id, view]));
    const shownLinks = links.filter((link) => {
      const [source, target] = [byId.get(link.source), byId.get(link.target)];
      return holds(expression, { kind: 'link', link, source, target }) === true;
    });
    const shownNodes = nodes.filter((node) => holds(expression, { kind: 'node', node }) === true);
    return {
      nodes: new Set([
        ...shownNodes.map(({ node }) => node.id),
        ...shownLinks.flatMap(({ source, target }) => [source, target]),
      ]),
      links: new Set(shownLinks.map(({ id }) => id)),
    };
  };

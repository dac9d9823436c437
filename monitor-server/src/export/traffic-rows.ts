import { type LinkFigures, linkId, type Node, type Topology } from '@soa-monitor/protocol';
import type { Store, TrafficQuery } from '../store/store.ts';
import { type Column, isoOf } from './column.ts';

/** What one link and operation did in one step of the window. */
export interface TrafficRow extends Omit<LinkFigures, 'id' | 'source' | 'target'> {
  readonly from: number;
  readonly to: number;
  readonly link: string;
  readonly sourceName: string;
  readonly targetName: string;
}

/**
 * Step by step, oldest first; steps begin at multiples of the step, the first and the last are cut by the window. Steps
 * without traffic have no rows.
 */
export async function* trafficRows(
  store: Pick<Store, 'topology'>,
  query: TrafficQuery,
): AsyncGenerator<readonly TrafficRow[]> {
  const { window, stepMicros } = query;
  for (let at = Math.floor(window.from / stepMicros) * stepMicros; at < window.to; at += stepMicros) {
    const step = { from: Math.max(at, window.from), to: Math.min(at + stepMicros, window.to) };
    const topology = await store.topology(step, 'operation');
    const rows = rowsOf(topology, query);
    if (rows.length > 0) yield rows;
  }
}

function rowsOf({ window, nodes, links }: Topology, query: TrafficQuery): readonly TrafficRow[] {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  return links
    .filter((link) => isWanted(link, byId, query))
    .map(({ id, source, target, ...figures }) => ({
      ...window,
      link: id,
      sourceName: labelOf(byId, source),
      targetName: labelOf(byId, target),
      ...figures,
    }));
}

/** Node and link may be of any level. */
function isWanted(found: LinkFigures, nodes: ReadonlyMap<string, Node>, query: TrafficQuery): boolean {
  const { node, link, operation } = query;
  if (operation !== null && found.operation !== operation) return false;
  if (node === null && link === null) return true;
  const sources = withParents(nodes, found.source);
  const targets = withParents(nodes, found.target);
  if (node !== null && !sources.includes(node) && !targets.includes(node)) return false;
  return (
    link === null ||
    link === found.id ||
    sources.some((source) => targets.some((target) => linkId(source, target) === link))
  );
}

function withParents(nodes: ReadonlyMap<string, Node>, id: string): readonly string[] {
  const ids = [id];
  for (const next of ids) {
    const parent = nodes.get(next)?.parent ?? null;
    if (parent !== null && !ids.includes(parent)) ids.push(parent);
  }
  return ids;
}

/** As exchanges name it: "bank · /bank". */
function labelOf(nodes: ReadonlyMap<string, Node>, id: string): string {
  const node = nodes.get(id);
  if (node === undefined) return id;
  const owner = node.kind === 'endpoint' && node.parent !== null ? nodes.get(node.parent) : undefined;
  return owner === undefined ? node.name : `${owner.name} · ${node.name}`;
}

export const trafficDocument = (row: TrafficRow) => ({
  ...row,
  times: { from: isoOf(row.from), to: isoOf(row.to) },
});

export const TRAFFIC_COLUMNS: readonly Column<TrafficRow>[] = [
  { name: 'from', kind: 'time', value: ({ from }) => from },
  { name: 'to', kind: 'time', value: ({ to }) => to },
  { name: 'link', kind: 'text', value: ({ link }) => link },
  { name: 'source', kind: 'text', value: ({ sourceName }) => sourceName },
  { name: 'target', kind: 'text', value: ({ targetName }) => targetName },
  { name: 'operation', kind: 'text', value: ({ operation }) => operation },
  { name: 'count', kind: 'integer', value: ({ count }) => count },
  { name: 'faults', kind: 'integer', value: ({ faults }) => faults },
  { name: 'errors', kind: 'integer', value: ({ errors }) => errors },
  { name: 'request_bytes', kind: 'integer', value: ({ requestBytes }) => requestBytes },
  { name: 'reply_bytes', kind: 'integer', value: ({ replyBytes }) => replyBytes },
  { name: 'p50_micros', kind: 'integer', value: ({ p50Micros }) => p50Micros },
  { name: 'p95_micros', kind: 'integer', value: ({ p95Micros }) => p95Micros },
  { name: 'p99_micros', kind: 'integer', value: ({ p99Micros }) => p99Micros },
];

import { type Level, type Link, linkId, type Node } from '@soa-monitor/protocol';
import type { Database } from 'better-sqlite3';
import { parseCall, parseFault } from './dictionaries.ts';
import type { StoredCall, StoredFault } from './half.ts';
import { type LinkRow, type NodeRow, nodeOfRow } from './register-tables.ts';

/** What the reader knows by number and id. Links and dictionaries only grow, so what is new is read when it is asked for. */
export interface Catalogue {
  link(number: number): Link;
  call(number: number): StoredCall;
  fault(number: number): StoredFault;
  operationName(number: number): string;
  /** All nodes as they are now. For a connection that only reads: what it writes itself goes unnoticed. */
  nodes(): Nodes;
}

export interface Nodes {
  all(): readonly Node[];
  get(id: string): Node | undefined;
  /** A node's name with what it belongs to: "bank · /bank". */
  label(id: string): string;
  /** The node that stands for this one at the level: itself, or the one it belongs to. */
  at(id: string, level: Level): string;
  /** The link between what stands for its ends at the level. */
  linkAt(link: Link, level: Level): Link;
  /** Whether the id is that of the link, at any level. */
  isLink(link: Link, id: string): boolean;
  /** Whether the node is an end of the link, or what an end belongs to. */
  touches(link: Link, id: string): boolean;
}

const CACHE_MAX = 200_000;

export function createCatalogue(database: Database): Catalogue {
  const linksSince = database.prepare<[number], LinkRow>(
    'SELECT number, id, source, target FROM link WHERE number > ? ORDER BY number',
  );
  const operationsSince = database.prepare<[number], { number: number; name: string }>(
    'SELECT number, name FROM operation WHERE number > ? ORDER BY number',
  );
  const callOf = database.prepare<[number], { number: number; operation: number; text: string }>(
    'SELECT number, operation, text FROM call WHERE number = ?',
  );
  const faultOf = database.prepare<[number], { number: number; text: string }>(
    'SELECT number, text FROM fault WHERE number = ?',
  );
  const nodes = database.prepare<[], NodeRow>('SELECT * FROM node ORDER BY number');
  /** Another number once another connection has committed. */
  const dataVersion = database.prepare<[], number>('PRAGMA data_version').pluck();
  /** As they were last read: questions that follow one another often find them unchanged. */
  let kept: { readonly version: number; readonly nodes: Nodes } | null = null;
  const links = new Map<number, Link>();
  const operations = new Map<number, string>();
  const calls = new Map<number, StoredCall>();
  const faults = new Map<number, StoredFault>();
  let lastLink = 0;
  let lastOperation = -1;

  return {
    link(number) {
      if (number > lastLink) {
        for (const { number: found, id, source, target } of linksSince.all(lastLink)) {
          links.set(found, { id, source, target });
          lastLink = found;
        }
      }
      return known(links, number, 'link');
    },
    operationName(number) {
      if (number > lastOperation) {
        for (const row of operationsSince.all(lastOperation)) {
          operations.set(row.number, row.name);
          lastOperation = row.number;
        }
      }
      return known(operations, number, 'operation');
    },
    call: (number) =>
      cached(calls, number, () => {
        const row = callOf.get(number);
        return row && { number, call: parseCall(row.text), operation: row.operation };
      }),
    fault: (number) =>
      cached(faults, number, () => {
        const row = faultOf.get(number);
        return row && { number, fault: parseFault(row.text) };
      }),
    nodes() {
      const version = dataVersion.get() ?? 0;
      if (kept?.version !== version) kept = { version, nodes: nodesOf(nodes.all().map(nodeOfRow)) };
      return kept.nodes;
    },
  };
}

function nodesOf(all: readonly Node[]): Nodes {
  const byId = new Map(all.map((node) => [node.id, node]));
  const withServers = new Set(all.flatMap((node) => (node.kind === 'server' ? (node.parent ?? []) : [])));
  const at = (id: string, level: Level): string => {
    const node = byId.get(id);
    if (node === undefined || node.parent === null) return id;
    // A client stands for itself unless its machine has servers, as on the map.
    if (level === 'machine')
      return node.kind === 'client' && !withServers.has(node.parent) ? id : at(node.parent, level);
    return level === 'server' && node.kind === 'endpoint' ? node.parent : id;
  };
  const linkAt = (link: Link, level: Level): Link => {
    if (level === 'operation' || level === 'endpoint') return link;
    const source = at(link.source, level);
    const target = at(link.target, level);
    return { id: linkId(source, target), source, target };
  };
  return {
    all: () => all,
    get: (id) => byId.get(id),
    label: (id) => {
      const node = byId.get(id);
      const server = node?.kind === 'endpoint' && node.parent !== null ? byId.get(node.parent) : undefined;
      return server === undefined ? (node?.name ?? id) : `${server.name} · ${node?.name}`;
    },
    at,
    linkAt,
    isLink: (link, id) => link.id === id || linkAt(link, 'server').id === id || linkAt(link, 'machine').id === id,
    touches: (link, id) =>
      [link.source, link.target].some((end) => end === id || at(end, 'server') === id || at(end, 'machine') === id),
  };
}

function known<Value>(values: ReadonlyMap<number, Value>, number: number, what: string): Value {
  const value = values.get(number);
  if (value === undefined) throw new Error(`no ${what} ${number}`);
  return value;
}

function cached<Value>(cache: Map<number, Value>, number: number, load: () => Value | undefined): Value {
  const value = cache.get(number) ?? load();
  if (value === undefined) throw new Error(`nothing has the number ${number}`);
  if (cache.size >= CACHE_MAX) cache.clear();
  cache.set(number, value);
  return value;
}

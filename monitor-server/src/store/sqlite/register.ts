import {
  addressId,
  clientId,
  endpointId,
  type Link,
  linkId,
  machineId,
  type Node,
  type NodeKind,
  outsideId,
  type StateChange,
  serverId,
} from '@soa-monitor/protocol';
import type { Database } from 'better-sqlite3';
import { OTHER, PATHS_PER_OWNER_MAX } from './dictionaries.ts';
import type { Process } from './processes.ts';
import { addressOf, createLinkTable, createNodeTable, shownNode } from './register-tables.ts';

/** A node or link as the writer holds it. All of them are in memory. */
export interface NodeRecord {
  readonly number: number;
  readonly id: string;
  readonly kind: NodeKind;
  readonly name: string;
  readonly parent: string | null;
  address: string | null;
  readonly monitored: boolean;
  state: Node['state'];
  firstSeen: number;
  lastSeen: number;
  /** lastSeen as it was told and written last: it moves on at most once per second. */
  toldLastSeen: number;
}

export interface LinkRecord {
  readonly number: number;
  readonly id: string;
  readonly source: NodeRecord;
  readonly target: NodeRecord;
}

export interface Register {
  /** Registers the process as a server (and its machine). From then on calls of this name begin at the server. */
  server(process: Process, at: number): NodeRecord;
  /** Where a process's own calls begin: its server where it hosts one, else its client. */
  origin(process: Process, at: number): NodeRecord;
  endpoint(process: Process, path: string, at: number): NodeRecord;
  address(address: string, at: number): NodeRecord;
  outside(authority: string, path: string, at: number): NodeRecord;
  link(source: NodeRecord, target: NodeRecord): LinkRecord;
  linkOf(number: number): LinkRecord;
  touch(node: NodeRecord, at: number): void;
  /** False when the node is unknown, or knows a later state. */
  setState(change: Omit<StateChange, 'version'>): boolean;
  /** Id of the server or client that the process is, without registering it. */
  ownerId(process: Process): string;
  /** Writes what changed and gives it; with `all`, also the last moves of lastSeen that were held back. */
  flush(all: boolean): { readonly nodes: readonly Node[]; readonly links: readonly Link[] };
  readonly folded: number;
}

const NODES_MAX = 100_000;
const LINKS_MAX = 200_000;
/** Processes whose names were hashed, kept at a time. */
const KNOWN_MAX = 20_000;
const LAST_SEEN_STEP_MICROS = 1_000_000;

export function createRegister(database: Database, endpointsPerServer = PATHS_PER_OWNER_MAX): Register {
  const nodeTable = createNodeTable(database);
  const linkTable = createLinkTable(database);
  const nodes = new Map<string, NodeRecord>(nodeTable.all().map((node) => [node.id, node]));
  const linksByNumber = new Map<number, LinkRecord>();
  const linksBetween = new Map<NodeRecord, Map<NodeRecord, LinkRecord>>();
  const endpoints = new Map<string, number>();
  const changedNodes = new Set<NodeRecord>();
  const heldBack = new Set<NodeRecord>();
  const newLinks: LinkRecord[] = [];
  let folded = 0;
  /** What a process looks up for each of its rows, so that no row costs a hash. */
  const known = new Map<number, KnownOfProcess>();
  const knownOf = (process: Process): KnownOfProcess => {
    const found = known.get(process.number);
    if (found !== undefined) return found;
    if (known.size >= KNOWN_MAX) known.clear();
    const { machine: machineName, name } = process;
    const fresh = { server: serverId(machineName, name), client: clientId(machineName, name), endpoints: new Map() };
    known.set(process.number, fresh);
    return fresh;
  };

  const keepLink = (link: LinkRecord): LinkRecord => {
    linksByNumber.set(link.number, link);
    const ofSource = linksBetween.get(link.source) ?? new Map<NodeRecord, LinkRecord>();
    linksBetween.set(link.source, ofSource);
    ofSource.set(link.target, link);
    return link;
  };
  const nodeOf = (id: string): NodeRecord => {
    const node = nodes.get(id);
    if (node === undefined) throw new Error(`no node ${id}`);
    return node;
  };
  for (const row of linkTable.all())
    keepLink({ number: row.number, id: row.id, source: nodeOf(row.source), target: nodeOf(row.target) });
  for (const node of nodes.values()) if (node.kind === 'endpoint') countEndpoint(node.parent ?? '');

  function countEndpoint(server: string): void {
    endpoints.set(server, (endpoints.get(server) ?? 0) + 1);
  }
  const touch = (node: NodeRecord, at: number): void => {
    if (at < node.firstSeen) {
      node.firstSeen = at;
      changedNodes.add(node);
    }
    if (at <= node.lastSeen) return;
    node.lastSeen = at;
    if (at - node.toldLastSeen >= LAST_SEEN_STEP_MICROS) changedNodes.add(node);
    else heldBack.add(node);
  };
  const put = (
    id: string,
    at: number,
    kind: NodeKind,
    name: string,
    parent: string | null,
    address: string | null,
    monitored: boolean,
  ): NodeRecord => {
    const seen = nodes.get(id);
    if (seen !== undefined) {
      touch(seen, at);
      return seen;
    }
    const state = kind === 'server' || kind === 'endpoint' ? notPingedYet(at) : null;
    const times = { firstSeen: at, lastSeen: at, toldLastSeen: at };
    const node = nodeTable.add({ id, kind, name, parent, address, monitored, state, ...times });
    nodes.set(id, node);
    if (kind === 'endpoint') countEndpoint(parent ?? '');
    changedNodes.add(node);
    return node;
  };
  /** Beyond the bound on nodes a name becomes "(other)". */
  const bounded = (id: string, name: string): string => {
    if (nodes.size < NODES_MAX || nodes.has(id)) return name;
    folded++;
    return OTHER;
  };
  const machine = (name: string, at: number): NodeRecord => put(machineId(name), at, 'machine', name, null, null, true);
  const server = (process: Process, at: number): NodeRecord => {
    const name = bounded(serverId(process.machine, process.name), process.name);
    const machineName = name === OTHER ? OTHER : process.machine;
    const parent = machine(machineName, at);
    // A machine has the state of its worst server: one with clients only has none.
    if (parent.state === null) {
      parent.state = notPingedYet(at);
      changedNodes.add(parent);
    }
    const address = addressOf(process);
    const node = put(serverId(machineName, name), at, 'server', name, parent.id, address, true);
    if (address !== null && node.address !== address) {
      node.address = address;
      changedNodes.add(node);
    }
    return node;
  };

  return {
    server,
    origin(process, at) {
      const ids = knownOf(process);
      const seen = nodes.get(ids.server) ?? nodes.get(ids.client);
      if (seen !== undefined) {
        touch(seen, at);
        return seen;
      }
      const name = bounded(ids.client, process.name);
      const machineName = name === OTHER ? OTHER : process.machine;
      return put(clientId(machineName, name), at, 'client', name, machine(machineName, at).id, null, true);
    },
    endpoint(process, given, at) {
      const ofProcess = knownOf(process).endpoints;
      const seen = ofProcess.get(given);
      if (seen !== undefined) {
        touch(seen, at);
        return seen;
      }
      const parent = server(process, at);
      const full = (endpoints.get(parent.id) ?? 0) >= endpointsPerServer || nodes.size >= NODES_MAX;
      const isNew = !nodes.has(endpointId(process.machine, process.name, given));
      if (full && isNew && given !== OTHER) folded++;
      const path = full && isNew ? OTHER : given;
      const node = put(endpointId(process.machine, process.name, path), at, 'endpoint', path, parent.id, null, true);
      if (path === given) ofProcess.set(given, node);
      return node;
    },
    address(given, at) {
      const name = bounded(addressId(given), given);
      return put(addressId(name), at, 'client', name, null, null, false);
    },
    outside(givenAuthority, givenPath, at) {
      const given = givenAuthority.toLowerCase();
      const authority = bounded(outsideId(given, givenPath), given);
      const path = authority === OTHER ? OTHER : givenPath;
      return put(outsideId(authority, path), at, 'outside', `${authority}${path}`, null, authority, false);
    },
    link(source, target) {
      const between = linksBetween.get(source)?.get(target);
      if (between !== undefined) return between;
      const id = linkId(source.id, target.id);
      if (linksByNumber.size >= LINKS_MAX && source.name !== OTHER) {
        folded++;
        return this.link(this.address(OTHER, source.lastSeen), target);
      }
      const link = keepLink({ number: linkTable.add(id, source.id, target.id), id, source, target });
      newLinks.push(link);
      return link;
    },
    linkOf(number) {
      const link = linksByNumber.get(number);
      if (link === undefined) throw new Error(`no link ${number}`);
      return link;
    },
    touch,
    setState({ node: id, at, state, reason }) {
      const node = nodes.get(id);
      if (node === undefined || (node.state !== null && node.state.state !== 'unknown' && node.state.since > at))
        return false;
      node.state = { state, since: at, reason };
      changedNodes.add(node);
      return true;
    },
    ownerId: (process) => {
      const ids = knownOf(process);
      return nodes.has(ids.server) ? ids.server : ids.client;
    },
    flush(all) {
      if (all) for (const node of heldBack) changedNodes.add(node);
      for (const node of changedNodes) {
        node.toldLastSeen = node.lastSeen;
        heldBack.delete(node);
        nodeTable.write(node);
      }
      const told = {
        nodes: [...changedNodes].map(shownNode),
        links: newLinks.map((link) => ({ id: link.id, source: link.source.id, target: link.target.id })),
      };
      changedNodes.clear();
      newLinks.length = 0;
      return told;
    },
    get folded() {
      return folded;
    },
  };
}

interface KnownOfProcess {
  readonly server: string;
  readonly client: string;
  readonly endpoints: Map<string, NodeRecord>;
}

const notPingedYet = (since: number): Node['state'] => ({ state: 'unknown', since, reason: 'not pinged yet' });

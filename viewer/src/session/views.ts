import type { Node, Place } from '@soa-monitor/protocol';
import { isolated } from '../format/isolated.ts';
import { type FiguresAt, shown } from '../model/figures-at.ts';
import { inFlightAt } from '../model/in-flight.ts';
import type { LevelGraph, LevelLink } from '../model/levels.ts';
import type { Picture } from '../model/picture.ts';
import { operationKey } from '../model/split-links.ts';
import { statesAt } from '../model/states-at.ts';
import type { Readings } from '../scene/messages.ts';
import { listLabel } from './graph-message.ts';
import type { Operations } from './operations.ts';
import type { FiguresView, LinkView, NodeView } from './session.ts';

/** The level's graph with what is true of it at the playhead. */
export interface Views {
  readonly nodes: readonly NodeView[];
  readonly links: readonly LinkView[];
  readonly totals: FiguresView;
  readonly readings: Readings;
}

export interface ViewParts {
  readonly picture: Picture;
  readonly figures: FiguresAt;
  readonly level: LevelGraph;
  readonly placeOf: (node: string) => Place | undefined;
  /** Where the level's links are split by operation. */
  readonly operations?: Operations;
}

/** A client or a stranger that has said nothing for so long is drawn faded. */
const ABSENT_MICROS = 600_000_000;

export function viewsAt(parts: ViewParts, playhead: number, sample: number, revision: number): Views {
  const { picture, figures, level, placeOf, operations } = parts;
  const register = picture.nodes();
  const inFlight = inFlightAt(picture.exchanges(), playhead, sample);
  const stateOf = statesAt(register, (node) => picture.stateAt(node, playhead));
  const labels = distinctLabels(level.nodes, register);

  const figuresOf = (members: readonly string[]): FiguresView =>
    shown(
      figures.ofLinks(members, playhead),
      members.reduce((sum, link) => sum + (inFlight.get(link) ?? 0), 0),
    );
  const linksOf = linksByNode(level.links);
  const callsOf = (node: Node): FiguresView => figuresOf([...new Set(linksOf(node).flatMap((link) => link.members))]);
  const inFlightBy =
    operations === undefined
      ? inFlight
      : inFlightAt(picture.exchanges(), playhead, sample, ({ link, operation }) => operationKey(link, operation));
  const inFlightOf = ({ members, operations: of = [] }: LevelLink): number =>
    members
      .flatMap((member) => of.map((operation) => inFlightBy.get(operationKey(member, operation)) ?? 0))
      .reduce((sum, count) => sum + count, 0);

  const links = level.links.map((link): LinkView => {
    const { id, source, target, members, operations: of, rank } = link;
    const [sourceLabel, targetLabel] = [labels.get(source) ?? source, labels.get(target) ?? target];
    const ends = { id, source, target, sourceLabel, targetLabel, members };
    if (of === undefined || operations === undefined) return { ...ends, figures: figuresOf(members) };
    return { ...ends, operations: of, rank: rank ?? 0, figures: operations.figuresOf(link, inFlightOf(link)) };
  });
  const nodes = level.nodes.map((node): NodeView => {
    const state = stateOf(node);
    const calls = callsOf(node);
    return {
      node,
      label: labels.get(node.id) ?? node.name,
      state: state?.state ?? null,
      stateReason: state?.reason ?? null,
      stateSince: state?.since ?? null,
      figures: calls,
      place: placeOf(node.id) ?? null,
      within: within(node, register),
      absent: isAbsent(node, calls, playhead),
    };
  });
  const readings: Readings = {
    revision,
    nodes: nodes.map(({ state, figures, absent, place }) => ({
      state,
      perSecond: figures.perSecond,
      inFlight: figures.inFlight,
      absent,
      pinned: place?.pinned ?? false,
    })),
    links: linkReadings(links, nodes),
    hulls: level.groups.map(({ node }) => stateOf(node)?.state ?? null),
  };
  return { nodes, links, totals: figuresOf([...picture.links().keys()]), readings };
}

/** Names with what they belong to; where two are the same, with the machine too. */
function distinctLabels(nodes: readonly Node[], register: ReadonlyMap<string, Node>): ReadonlyMap<string, string> {
  const labels = new Map(nodes.map((node) => [node.id, listLabel(node, register)]));
  const seen = new Set<string>();
  const twice = new Set<string>();
  for (const label of labels.values()) (seen.has(label) ? twice : seen).add(label);
  if (twice.size === 0) return labels;
  for (const node of nodes) {
    const { machine } = within(node, register);
    const label = labels.get(node.id) ?? node.name;
    if (twice.has(label) && machine !== null) labels.set(node.id, `${label} on ${isolated(machine)}`);
  }
  return labels;
}

function within(node: Node, register: ReadonlyMap<string, Node>): NonNullable<NodeView['within']> {
  const above = (one: Node | undefined): Node | undefined =>
    one?.parent == null ? undefined : register.get(one.parent);
  const chain = [above(node), above(above(node))];
  const nameOf = (kind: Node['kind']): string | null => chain.find((one) => one?.kind === kind)?.name ?? null;
  return { server: nameOf('server'), machine: nameOf('machine') };
}

/** Links of a node as callee; a client's as caller, and a stranger's too if nobody calls it. */
function linksByNode(links: readonly LevelLink[]): (node: Node) => readonly LevelLink[] {
  const asCallee = new Map<string, LevelLink[]>();
  const asCaller = new Map<string, LevelLink[]>();
  const note = (map: Map<string, LevelLink[]>, id: string, link: LevelLink): void => {
    const of = map.get(id);
    if (of === undefined) map.set(id, [link]);
    else of.push(link);
  };
  for (const link of links) {
    note(asCallee, link.target, link);
    note(asCaller, link.source, link);
  }
  return (node) => {
    const called = asCallee.get(node.id) ?? [];
    const isCaller = node.kind === 'client' || (node.kind === 'outside' && called.length === 0);
    return isCaller ? (asCaller.get(node.id) ?? []) : called;
  };
}

function isAbsent(node: Node, calls: FiguresView, playhead: number): boolean {
  if (calls.count > 0 || calls.inFlight > 0) return false;
  if (playhead < node.firstSeen) return true;
  return (node.kind === 'client' || node.kind === 'outside') && node.lastSeen < playhead - ABSENT_MICROS;
}

function linkReadings(links: readonly LinkView[], nodes: readonly NodeView[]): Readings['links'] {
  const byId = new Map(nodes.map((node) => [node.node.id, node]));
  return links.map(({ source, target, figures }) => {
    const isTargetDown = byId.get(target)?.state === 'down';
    const doErrorsPrevail = figures.count > 0 && figures.errors * 2 > figures.count;
    return {
      perSecond: figures.perSecond,
      p95Micros: figures.p95Micros,
      faultShare: figures.faultShare,
      inFlight: figures.inFlight,
      broken: isTargetDown || doErrorsPrevail,
      absent: (byId.get(source)?.absent ?? false) || (byId.get(target)?.absent ?? false),
    };
  });
}

import type { LinkView, NodeView } from '../session/session.ts';

/** The nodes whose state asks for a look, the worst first. */
export const deviatingNodes = (nodes: readonly NodeView[], limit: number): readonly NodeView[] =>
  nodes
    .filter(({ state, absent }) => state !== null && !absent && severityOf(state) > 0)
    .sort((one, other) => severityOf(other.state) - severityOf(one.state) || one.label.localeCompare(other.label))
    .slice(0, limit);

/** The links on which calls failed, the largest share first. */
export const deviatingLinks = (links: readonly LinkView[], limit: number): readonly LinkView[] =>
  links
    .filter(({ figures }) => (figures.faultShare ?? 0) > 0)
    .sort((one, other) => (other.figures.faultShare ?? 0) - (one.figures.faultShare ?? 0))
    .slice(0, limit);

/** From this share on failed calls are shown loud: below it they are the trade's daily bread (a customer without money). */
const LOUD_SHARE = 0.05;

export const isLoud = (share: number | null): boolean => share !== null && share >= LOUD_SHARE;

/** 0: as it should be, or nothing is known against it. */
export const severityOf = (state: string | null): number => (state === null ? 0 : (SEVERITIES.get(state) ?? 1));

const SEVERITIES = new Map([
  ['up', 0],
  ['unknown', 0],
  ['maintenance', 1],
  ['blind', 2],
  ['suspect', 3],
  ['degraded', 4],
  ['down', 5],
]);

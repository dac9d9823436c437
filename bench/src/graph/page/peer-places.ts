import type { GeneratedEstate } from '../generated-estate.ts';

interface Point {
  readonly x: number;
  readonly y: number;
}

const DOMAIN_REACH = 4_000;
const NODE_REACH = 500;
const GOLDEN = Math.PI * (3 - Math.sqrt(5));

/** Domains on a disc, their nodes around them, all of it breathing with time: what peers are given in place of a layout. */
export function peerPlaces({ nodes }: GeneratedEstate): (index: number, seconds: number) => Point {
  const domains = Math.max(1, ...nodes.map(({ domain }) => domain + 1));
  return (index, seconds) => {
    const domain = nodes[index]?.domain ?? 0;
    const [reach, turn] = [DOMAIN_REACH * Math.sqrt(domain / domains), domain * GOLDEN];
    const [near, aside] = [NODE_REACH * Math.sqrt((index % 120) / 120), index * GOLDEN + seconds / 20];
    return {
      x: reach * Math.cos(turn) + near * Math.cos(aside),
      y: reach * Math.sin(turn) + near * Math.sin(aside),
    };
  };
}

/** Where each dot is: to and fro along one of the calls. */
export function dotPath(estate: GeneratedEstate, dots: number): (dot: number, seconds: number) => Point {
  const placeOf = peerPlaces(estate);
  const step = Math.max(1, Math.floor(estate.calls.length / dots));
  return (dot, seconds) => {
    const { source, target } = estate.calls[(dot * step) % estate.calls.length] ?? { source: 0, target: 0 };
    const [from, to] = [placeOf(source, seconds), placeOf(target, seconds)];
    const share = Math.abs(((seconds / 0.8 + dot * 0.137) % 1) * 2 - 1);
    return { x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share };
  };
}

import { type Part, type Phase, replyAt, requestAt, type Sight } from '../model/dots.ts';
import type { Point } from './camera.ts';
import type { Shown } from './flight-board.ts';
import type { Moved } from './kept-picture.ts';
import type { Lane, LanePair } from './lanes.ts';

/** A dot as it stands on the screen in one frame. */
export interface DotOnScreen extends Point {
  readonly shown: Shown;
  readonly part: Part;
  readonly phase: Phase;
  readonly progress: number;
}

/** So many waiting calls stand in line before a service; the rest stand at the end of it. */
const QUEUE_SEEN = 9;
const QUEUE_STEP = 8;

/** Dots of the exchanges at `now`. `lanesFor` gives the lanes of a link of endpoint level, if it is on the map; `moved`: since they were. */
export function dotsSeen(
  exchanges: Iterable<Shown>,
  now: number,
  lanesFor: (link: number) => LanePair | undefined,
  moved: Moved = UNMOVED,
): readonly DotOnScreen[] {
  const dots: DotOnScreen[] = [];
  const waiting = new Map<LanePair, number>();
  for (const shown of exchanges) {
    const lanes = lanesFor(shown.link);
    if (lanes === undefined) continue;
    const request = requestAt(shown.flight, now);
    if (request !== null) dots.push(dotOf(shown, request, lanes, waiting, moved));
    const reply = replyAt(shown.flight, now);
    if (reply !== null) dots.push(dotOf(shown, reply, lanes, waiting, moved));
  }
  return dots;
}

const UNMOVED: Moved = { x: 0, y: 0, scale: 1 };

/** Written out, without helpers that make points in between: it is asked for thousands of times a frame. */
function dotOf(
  shown: Shown,
  { part, phase, progress }: Sight,
  lanes: LanePair,
  waiting: Map<LanePair, number>,
  moved: Moved,
): DotOnScreen {
  const lane = part === 'request' ? lanes.request : lanes.reply;
  const t = phase === 'waiting' ? placeInLine(lanes, lane, waiting, moved.scale) : progress;
  const { from, bend1, bend2, to } = lane;
  const s = 1 - t;
  const [a, b, c, d] = [s * s * s, 3 * s * s * t, 3 * s * t * t, t * t * t];
  return {
    shown,
    part,
    phase,
    progress,
    x: (a * from.x + b * bend1.x + c * bend2.x + d * to.x) * moved.scale + moved.x,
    y: (a * from.y + b * bend1.y + c * bend2.y + d * to.y) * moved.scale + moved.y,
  };
}

function placeInLine(lanes: LanePair, lane: Lane, waiting: Map<LanePair, number>, scale: number): number {
  const turn = waiting.get(lanes) ?? 0;
  waiting.set(lanes, turn + 1);
  const span = Math.hypot(lane.to.x - lane.from.x, lane.to.y - lane.from.y) * scale || 1;
  const back = (Math.min(turn, QUEUE_SEEN) * QUEUE_STEP) / span;
  return Math.max(0.2, 1 - back);
}

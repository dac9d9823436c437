import { byMachine, layered } from './layout/arrangements.ts';
import { FORCES_DEFAULT } from './layout/forces-default.ts';
import { createLayout, type Layout } from './layout.ts';
import type {
  Arrangement,
  DrawToLayout,
  FromLayout,
  LayoutBody,
  LayoutForces,
  LayoutToDraw,
  ToLayout,
} from './messages.ts';

/**
 * Runs the layout and tells positions: to the drawing worker while nodes move, to the page when they have settled.
 * It sleeps when nothing moves.
 */
const SEED = 20_101_122;
/** A small map settles within one slice, so it is there at once; a large one is seen settling. */
const SLICE_MILLIS = 24;
const STEPS_PER_LOOK = 2;
/** Between slices others have the core. */
const REST_MILLIS = 6;
/** So long after the last touch the hand goes first: a large map is laid out in a third of each frame only. */
const HAND_MILLIS = 300;
const HAND_SLICE_MILLIS = 4;
const HAND_REST_MILLIS = 11;

let layout: Layout | null = null;
let graph: Extract<ToLayout, { kind: 'graph' }> | null = null;
let draw: MessagePort | null = null;
let dragged: number | null = null;
let touchedAt = Number.NEGATIVE_INFINITY;
let isAwake = false;
let forces: LayoutForces = FORCES_DEFAULT;
let arrangement: Arrangement = 'force';

self.addEventListener('message', (event: MessageEvent<ToLayout>) => {
  const message = event.data;
  switch (message.kind) {
    case 'draw':
      draw?.close();
      draw = message.port;
      draw.onmessage = (told: MessageEvent<DrawToLayout>) => obey(told.data);
      return show();
    case 'graph':
      graph = { ...message, bodies: message.bodies.map(whereItStands) };
      return begin();
    case 'afresh':
      if (graph === null) return;
      graph = { ...graph, bodies: graph.bodies.map((body) => ({ ...body, place: null, hint: null })) };
      return begin();
    case 'place':
      return place(message.node, message.place);
    case 'forces':
      forces = message.forces;
      layout?.forces(forces);
      return wake();
    case 'arrange':
      arrangement = message.arrangement;
      return show();
  }
});

function begin(): void {
  if (graph === null) return;
  dragged = null;
  layout = createLayout(graph, { seed: SEED, forces });
  wake();
}

/** A node that has not settled yet goes on from where it is. */
function whereItStands(body: LayoutBody): LayoutBody {
  const index = body.place === null && layout !== null ? layout.ids.indexOf(body.id) : -1;
  const positions = index < 0 ? undefined : layout?.positions();
  const [x, y] = [positions?.[index * 2], positions?.[index * 2 + 1]];
  return x === undefined || y === undefined ? body : { ...body, hint: { x, y } };
}

function place(id: string, place: Extract<ToLayout, { kind: 'place' }>['place']): void {
  const index = layout?.ids.indexOf(id) ?? -1;
  if (layout === null || index < 0) return;
  if (place?.pinned === true) layout.pin(index, place.x, place.y);
  else layout.unpin(index);
  layout.charge(index, place?.charge ?? null);
  wake();
}

function obey(told: DrawToLayout): void {
  if (told.kind === 'touched') {
    touchedAt = performance.now();
    return;
  }
  // What is dragged out of another arrangement would be kept at a place that means nothing.
  if (layout === null || told.revision !== graph?.revision || arrangement !== 'force') return;
  if (told.kind === 'drag') {
    dragged = told.node;
    layout.drag(told.node, told.x, told.y);
  } else {
    dragged = null;
    layout.drop(told.node);
  }
  wake();
}

function wake(): void {
  if (isAwake) return;
  isAwake = true;
  run();
}

function run(): void {
  if (layout === null) {
    // Forces may be told before there is anything to lay out.
    isAwake = false;
    return;
  }
  const hasHand = performance.now() - touchedAt < HAND_MILLIS;
  if (dragged !== null) layout.tick(1);
  else if (hasHand) settleForASlice(layout, HAND_SLICE_MILLIS, 1);
  else settleForASlice(layout, SLICE_MILLIS, STEPS_PER_LOOK);
  show();
  if (layout.isSettled()) {
    isAwake = false;
    tellSettled(layout);
  } else setTimeout(run, hasHand ? HAND_REST_MILLIS : REST_MILLIS);
}

function settleForASlice(running: Layout, millis: number, stepsPerLook: number): void {
  const until = performance.now() + millis;
  do running.tick(stepsPerLook);
  while (!running.isSettled() && performance.now() < until);
}

function show(): void {
  if (layout === null || graph === null || draw === null) return;
  const message: LayoutToDraw = { revision: graph.revision, positions: arranged(graph, layout) };
  draw.postMessage(message, [message.positions.buffer]);
}

/** Forces go on under another arrangement, so that what is kept of a map does not depend on how one looked at it. */
function arranged(of: Extract<ToLayout, { kind: 'graph' }>, running: Layout): Float32Array {
  if (arrangement === 'force') return running.positions();
  if (standing?.of !== of || standing.arrangement !== arrangement) {
    standing = { of, arrangement, positions: arrangement === 'layered' ? layered(of) : byMachine(of) };
  }
  return standing.positions.slice();
}

let standing: {
  readonly of: Extract<ToLayout, { kind: 'graph' }>;
  readonly arrangement: Arrangement;
  readonly positions: Float32Array;
} | null = null;

function tellSettled(settled: Layout): void {
  if (graph === null) return;
  const positions = settled.positions();
  const message: FromLayout = { kind: 'settled', revision: graph.revision, ids: settled.ids, positions };
  self.postMessage(message, { transfer: [positions.buffer] });
}

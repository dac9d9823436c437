import { isBackwards, isRunningAt, playheadAt, speedOf, type Timeline } from '../model/clock.ts';
import { dotAnswer, nodesAnswer } from './answers.ts';
import { type DotOnScreen, dotsSeen } from './dots-seen.ts';
import { createEasedPlaces } from './eased-places.ts';
import { createFirstFrames } from './first-frames.ts';
import { createFlightBoard } from './flight-board.ts';
import { type Lettering, SYSTEM_LETTERING } from './fonts.ts';
import { createFrameLoop, type Next } from './frame-loop.ts';
import { createGestures } from './gestures.ts';
import { hitAt, neighbourOf } from './hit.ts';
import type {
  Answered,
  Ask,
  DrawToLayout,
  FlightBatch,
  FromDraw,
  Graph,
  LayoutToDraw,
  Pick,
  Readings,
  Theme,
  ToDraw,
} from './messages.ts';
import { nextFrame } from './next-frame.ts';
import { paintChanges } from './paint-changes.ts';
import { paintDots } from './paint-dots.ts';
import { paintLabels } from './paint-labels.ts';
import { paintMap } from './paint-map.ts';
import { PALETTES } from './palette.ts';
import { createRestingCamera } from './resting-camera.ts';
import { type Stage, stageOf } from './stage.ts';
import { createViewport, type Sizes } from './viewport.ts';

export interface DrawingParts {
  readonly canvas: OffscreenCanvas;
  readonly tell: (message: FromDraw) => void;
  readonly layout: (message: DrawToLayout) => void;
  /** Local wall clock, µs: what timelines are told in. */
  readonly now: () => number;
}

export interface Drawing {
  obey(message: Exclude<ToDraw, { kind: 'canvas' }>): void;
  positions(told: LayoutToDraw): void;
  /** The map's own fonts have come. */
  letter(lettering: Lettering): void;
}

const EMPTY_STAGE: Stage = { nodes: [], links: [], hulls: [], scale: 1 };
const EMPTY_GRAPH: Graph = { revision: -1, nodes: [], links: [], hulls: [], linkOf: new Int32Array() };
const STILL: Timeline = { kind: 'steady', at: 0, playhead: 0, speed: 1, running: false, until: 0 };

/** The map on one canvas: what stands still is painted once and kept; each frame lays the dots over it. */
export function createDrawing({ canvas, tell, layout, now }: DrawingParts): Drawing {
  const context = contextOf(canvas);
  const kept = new OffscreenCanvas(1, 1);
  const keptContext = contextOf(kept);
  const places = createEasedPlaces();
  const board = createFlightBoard();
  const firstFrames = createFirstFrames();
  const viewport = createViewport();
  const loop = createFrameLoop(frame, (stats) => tell({ kind: 'frames', ...stats }));

  const cameraTold = createRestingCamera((camera) => tell({ kind: 'camera', camera }));

  let theme: Theme = 'light';
  let lettering = SYSTEM_LETTERING;
  let isReduced = false;
  let graph: Graph = EMPTY_GRAPH;
  let readings: Readings = { revision: -1, nodes: [], links: [], hulls: [] };
  let timeline: Timeline = STILL;
  let selection: Pick | null = null;
  let hover: Pick | null = null;
  let isStageStale = true;
  let stage: Stage = EMPTY_STAGE;
  let dots: readonly DotOnScreen[] = [];
  let dragged: string | null = null;
  /** The last positions told; they and the graph they are of come on different ways, either may be first. */
  let told: LayoutToDraw | null = null;

  const gesture = createGestures({
    camera: viewport.camera,
    moveCamera(next) {
      viewport.move(next);
      stale();
    },
    pickAt: (at) => hitAt(stage, dots, at),
    hover: point,
    picked: (pick) => tell({ kind: 'picked', pick }),
    drag(node, to) {
      const index = graph.nodes.findIndex((one) => one.id === node);
      if (index < 0) return;
      dragged = node;
      viewport.hold();
      places.put(node, to);
      tell({ kind: 'hover', over: 'dragging' });
      layout({ kind: 'drag', node: index, revision: graph.revision, ...to });
      stale();
    },
    drop(node, at) {
      dragged = null;
      const index = graph.nodes.findIndex((one) => one.id === node);
      layout({ kind: 'drop', node: index, revision: graph.revision });
      tell({ kind: 'dropped', node, ...at });
      tell({ kind: 'hover', over: 'node' });
    },
    showAll: () => showAll(true),
  });

  function point(pick: Pick | null): void {
    if (pick?.kind === hover?.kind && pick?.id === hover?.id) return;
    hover = pick;
    tell({ kind: 'hover', over: pick === null ? null : pick.kind === 'exchange' ? 'dot' : pick.kind });
    stale();
  }

  function stale(): void {
    isStageStale = true;
    loop.wake();
  }

  function showAll(isAsked: boolean): void {
    viewport.show(places.box(), isAsked);
    stale();
  }

  function resize(size: Sizes): void {
    viewport.resize(size);
    for (const one of [canvas, kept]) {
      one.width = Math.max(1, Math.round(size.width * size.ratio));
      one.height = Math.max(1, Math.round(size.height * size.ratio));
    }
    showAll(false);
  }

  function moveOn(elapsed: number): boolean {
    if (isReduced) places.finish();
    const isMoving = places.advance(elapsed);
    return viewport.advance(elapsed) || isMoving;
  }

  function frame(elapsed: number): Next {
    const isMoving = moveOn(elapsed);
    cameraTold.look(isMoving ? undefined : viewport.place());
    if (isStageStale || isMoving) paintKept();
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.drawImage(kept, 0, 0);
    const local = now();
    const playhead = playheadAt(timeline, local);
    const speed = speedOf(timeline);
    dots = isReduced ? [] : dotsSeen(board.at(playhead, speed), playhead, lanesFor);
    const { ratio } = viewport.size();
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    paintDots(context, dots, PALETTES[theme], local / 1_000);
    if (firstFrames.isEnabled()) {
      const shownAt = now();
      for (const { shown, part, phase } of dots) {
        firstFrames.see(shown.id, part, shownAt);
        if (part === 'reply' && phase === 'flying') firstFrames.see(shown.id, 'replyLeaves', shownAt);
      }
    }
    return isMoving || isStageStale ? { kind: 'now' } : nextFor(playhead, speed);
  }

  function nextFor(playhead: number, speed: number): Next {
    const waiting = dots.filter((dot) => dot.phase === 'waiting').length;
    return nextFrame({
      isRunning: isRunningAt(timeline, playhead) && !isReduced,
      speed,
      playhead,
      moving: dots.length - waiting,
      waiting,
      // What is seen next when time runs backwards has ended: the board knows beginnings only, so each frame is looked at.
      nextBegins: isBackwards(timeline) ? playhead : board.nextBegins(),
    });
  }

  function paintKept(): void {
    isStageStale = false;
    const size = viewport.size();
    stage = stageOf(graph, readings, places.get, viewport.camera());
    keptContext.setTransform(size.ratio, 0, 0, size.ratio, 0, 0);
    const marked = { selection, hover };
    paintMap(keptContext, stage, PALETTES[theme], size, marked);
    paintLabels({ context: keptContext, lettering }, stage, PALETTES[theme], size, marked, isReduced);
    paintChanges(keptContext, stage, PALETTES[theme]);
  }

  function takePositions(): void {
    stale();
    if (told === null || told.revision !== graph.revision) return;
    for (const [index, node] of graph.nodes.entries()) {
      if (node.id === dragged) continue;
      places.target(node.id, { x: told.positions[index * 2] ?? 0, y: told.positions[index * 2 + 1] ?? 0 });
    }
    showAll(false);
  }

  /** Messages fly on what is looked for alone: dots on faint links would shout over it. */
  const lanesFor = (link: number) => {
    const shown = stage.links[graph.linkOf[link] ?? -1];
    return shown?.reading.shade === undefined ? shown?.lanes : undefined;
  };

  function take(batch: FlightBatch, gone: readonly string[], replace: boolean): void {
    if (replace) board.clear();
    board.remove(gone);
    board.put(batch);
    loop.wake();
  }

  function answer(ask: Ask): Answered {
    switch (ask.kind) {
      case 'dot': {
        const shown = isReduced ? undefined : board.get(ask.exchange);
        const seen = shown === undefined ? [] : dotsSeen([shown], playheadAt(timeline, now()), lanesFor);
        return { kind: 'dot', dot: dotAnswer(seen) };
      }
      case 'nodes':
        return { kind: 'nodes', nodes: nodesAnswer(stage) };
      case 'firstFrames':
        return { kind: 'firstFrames', frames: firstFrames.read() };
    }
  }

  return {
    obey(message) {
      switch (message.kind) {
        case 'size':
          return resize(message);
        case 'theme':
          theme = message.theme;
          return stale();
        case 'reducedMotion':
          isReduced = message.reduced;
          viewport.reduceMotion(isReduced);
          return stale();
        case 'graph':
          graph = message.graph;
          places.keepOnly(new Set(graph.nodes.map((node) => node.id)));
          return takePositions();
        case 'readings':
          readings = message.readings;
          return stale();
        case 'flights':
          return take(message.batch, message.gone, message.replace);
        case 'timeline':
          timeline = message.timeline;
          return loop.wake();
        case 'select':
          selection = message.selection;
          return stale();
        case 'pointer':
          return gesture(message.pointer);
        case 'zoom':
          viewport.zoom(message.factor);
          return stale();
        case 'fit':
          return showAll(true);
        case 'camera':
          viewport.goTo(message.camera);
          return message.camera === null ? showAll(true) : stale();
        case 'neighbour': {
          const id = neighbourOf(stage, message.from, message.direction);
          if (id !== null) tell({ kind: 'picked', pick: { kind: 'node', id } });
          return;
        }
        case 'firstFrames':
          return message.enable ? firstFrames.enable(message.clockOffsetMicros) : firstFrames.disable();
        case 'ask':
          return tell({ kind: 'answer', question: message.question, answer: answer(message.ask) });
      }
    },
    positions(news) {
      told = news;
      takePositions();
    },
    letter(next) {
      lettering = next;
      stale();
    },
  };
}

function contextOf(canvas: OffscreenCanvas): OffscreenCanvasRenderingContext2D {
  const context = canvas.getContext('2d', { alpha: false });
  if (context === null) throw new Error('this browser gives no 2D context to an OffscreenCanvas');
  return context;
}

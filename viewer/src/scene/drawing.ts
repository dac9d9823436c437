import { isBackwards, isRunningAt, playheadAt, speedOf, type Timeline } from '../model/clock.ts';
import { dotAnswer, nodesAnswer } from './answers.ts';
import { boxOf, type Point } from './camera.ts';
import { createDetail } from './detail.ts';
import { type DotOnScreen, dotsSeen } from './dots-seen.ts';
import { createEasedPlaces } from './eased-places.ts';
import { createFirstFrames } from './first-frames.ts';
import { createFlightBoard } from './flight-board.ts';
import { type Lettering, SYSTEM_LETTERING } from './fonts.ts';
import { createFrameLoop, type Next } from './frame-loop.ts';
import { createFrameTimes } from './frame-times.ts';
import { createGestures } from './gestures.ts';
import { hitAt, neighbourOf } from './hit.ts';
import { type AnyCanvas, contextOf, createKeptPicture } from './kept-picture.ts';
import { litBy, litByHover } from './light.ts';
import type {
  Answered,
  Ask,
  DetailTold,
  DrawToLayout,
  FlightBatch,
  FromDraw,
  Graph,
  LayoutToDraw,
  Light,
  Pick,
  Readings,
  Theme,
  ToDraw,
} from './messages.ts';
import { createMinimap, createSteering, marksOf } from './minimap.ts';
import { nextFrame } from './next-frame.ts';
import { unpackReadings } from './pack-readings.ts';
import { paintChanges } from './paint-changes.ts';
import { createDotPainter } from './paint-dots.ts';
import { paintLabels } from './paint-labels.ts';
import { paintMap } from './paint-map.ts';
import { PALETTES } from './palette.ts';
import { createRestingCamera } from './resting-camera.ts';
import { withShortNames } from './short-names.ts';
import { type Stage, stageOf } from './stage.ts';
import { createTextWidths } from './text-widths.ts';
import { createViewport, type Sizes } from './viewport.ts';

export interface DrawingParts {
  readonly canvas: AnyCanvas;
  /** Makes a canvas that is never shown. */
  readonly newCanvas: () => AnyCanvas;
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

const EMPTY_GRAPH: Graph = { revision: -1, nodes: [], links: [], hulls: [], linkOf: new Int32Array() };
const EMPTY_STAGE: Stage = { graph: EMPTY_GRAPH, nodes: [], links: [], hulls: [], scale: 1, isFolded: false };
/** Of a frame, what the picture under the dots may take; a map of the usual size needs less than one of these. */
const SLICE_MILLIS = 5;
/** After a pause nothing is in the way of doing it at once. */
const FIRST_SLICE_MILLIS = 12;
const STILL: Timeline = { kind: 'steady', at: 0, playhead: 0, speed: 1, running: false, until: 0 };

/** The map on one canvas: what stands still is painted once and kept; each frame lays the dots over it. */
export function createDrawing({ canvas, newCanvas, tell, layout, now }: DrawingParts): Drawing {
  const context = contextOf(canvas, { alpha: false });
  const kept = createKeptPicture(newCanvas, EMPTY_STAGE);
  const detail = createDetail();
  const widths = createTextWidths();
  const dotPainter = createDotPainter(newCanvas);
  const minimap = createMinimap(newCanvas);
  const steer = createSteering(minimap, moveTo);
  const frameTimes = createFrameTimes();
  const places = createEasedPlaces();
  const board = createFlightBoard();
  const firstFrames = createFirstFrames();
  const viewport = createViewport();
  const loop = createFrameLoop(timedFrame, (stats) => tell({ kind: 'frames', ...stats }));

  const cameraTold = createRestingCamera((camera) => tell({ kind: 'camera', camera }));

  let theme: Theme = 'light';
  let lettering = SYSTEM_LETTERING;
  let isReduced = false;
  let graph: Graph = EMPTY_GRAPH;
  let light: Light | null = null;
  let latest: Readings = { revision: -1, nodes: [], links: [], hulls: [] };
  let timeline: Timeline = STILL;
  let selection: Pick | null = null;
  let hover: Pick | null = null;
  let isStageStale = true;
  let detailTold: DetailTold | null = null;
  let dots: readonly DotOnScreen[] = [];
  let dragged: string | null = null;
  /** Whether the frame before asked for this one. */
  let isUnderWay = false;
  let knownNodes: ReadonlySet<string> = new Set();
  let knownLinks: ReadonlySet<string> = new Set();
  /** The last positions told; they and the graph they are of come on different ways, either may be first. */
  let told: LayoutToDraw | null = null;

  const gesture = createGestures({
    camera: viewport.camera,
    moveCamera(next) {
      viewport.move(next);
      stale();
    },
    pickAt,
    hover: point,
    picked(pick) {
      if (pick?.kind === 'node' && isClosed(pick.id)) return open(pick.id);
      tell({ kind: 'picked', pick });
    },
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

  function pickAt(at: Point): Pick | null {
    const { x, y, scale } = kept.seen(viewport.camera());
    const found = hitAt(kept.stage(), dots, at, { x: (at.x - x) / scale, y: (at.y - y) / scale });
    // A sum of links is nobody's: there is nothing to be told of it.
    return found?.kind === 'link' && !knownLinks.has(found.id) ? null : found;
  }

  const isClosed = (id: string): boolean => !knownNodes.has(id);

  /** Goes so near to a closed mark that it opens. */
  function open(id: string): void {
    const [first, ...others] = detail.within(id, places.get);
    if (first === undefined) return;
    viewport.go(boxOf([first, ...others]));
    stale();
  }

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
    kept.resize(size);
    canvas.width = Math.max(1, Math.round(size.width * size.ratio));
    canvas.height = Math.max(1, Math.round(size.height * size.ratio));
    showAll(false);
  }

  function moveOn(elapsed: number): boolean {
    if (isReduced) places.finish();
    const isMoving = places.advance(elapsed);
    return viewport.advance(elapsed) || isMoving;
  }

  function timedFrame(elapsed: number): Next {
    frameTimes.begin();
    const next = frame(elapsed);
    isUnderWay = next.kind === 'now';
    frameTimes.end();
    return next;
  }

  function frame(elapsed: number): Next {
    const isMoving = moveOn(elapsed);
    cameraTold.look(isMoving ? undefined : viewport.place());
    if (!kept.isBusy() && (isStageStale || isMoving)) beginPicture();
    kept.work(isUnderWay ? SLICE_MILLIS : FIRST_SLICE_MILLIS);
    const camera = viewport.camera();
    kept.show(context, camera, PALETTES[theme].ground);
    const local = now();
    const playhead = playheadAt(timeline, local);
    const speed = speedOf(timeline);
    const moved = kept.seen(camera);
    dots = isReduced ? [] : dotsSeen(board.at(playhead, speed), playhead, lanesFor, moved);
    const { ratio } = viewport.size();
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    dotPainter.paint(context, dots, { palette: PALETTES[theme], ratio, millis: local / 1_000 });
    minimap.paint(context, {
      camera,
      size: viewport.size(),
      box: places.box(),
      marks: () => marksOf(graph, latest, places.get),
      palette: PALETTES[theme],
      now: local / 1_000,
    });
    if (firstFrames.isEnabled()) {
      const shownAt = now();
      for (const { shown, part, phase } of dots) {
        firstFrames.see(shown.id, part, shownAt);
        if (part === 'reply' && phase === 'flying') firstFrames.see(shown.id, 'replyLeaves', shownAt);
      }
    }
    return isMoving || isStageStale || kept.isBusy() ? { kind: 'now' } : nextFor(playhead, speed);
  }

  function moveTo(to: Point): void {
    const { zoom } = viewport.camera();
    const { width, height } = viewport.size();
    viewport.move({ zoom, x: width / 2 - to.x * zoom, y: height / 2 - to.y * zoom });
    stale();
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

  function beginPicture(): void {
    isStageStale = false;
    const size = viewport.size();
    const camera = viewport.camera();
    const shown = detail.at(camera, size, places.get);
    const stage = stageOf(shown, camera, size);
    const lit = light === null ? litByHover(stage.graph, hover) : litBy(stage.graph, light);
    const marked = { selection, hover, lit };
    const palette = PALETTES[theme];
    const [letters, reduced] = [lettering, isReduced];
    kept.begin(stage, camera, function* paint(onto) {
      yield* paintMap(onto, stage, palette, size, marked);
      yield* paintLabels({ context: onto, lettering: letters, widths }, stage, palette, size, marked, reduced);
      paintChanges(onto, stage, palette);
    });
    tellDetail({ shown: shown.detail, marks: shown.graph.nodes.length, nodes: graph.nodes.length });
  }

  function tellDetail(next: DetailTold): void {
    if (detailTold?.shown === next.shown && detailTold.marks === next.marks && detailTold.nodes === next.nodes) return;
    detailTold = next;
    tell({ kind: 'detail', detail: next });
  }

  function takePositions(): void {
    stale();
    minimap.stale();
    if (told === null || told.revision !== graph.revision) return;
    for (const [index, node] of graph.nodes.entries()) {
      if (node.id === dragged) continue;
      places.target(node.id, { x: told.positions[index * 2] ?? 0, y: told.positions[index * 2 + 1] ?? 0 });
    }
    showAll(false);
  }

  /** Messages fly on what is looked for alone: dots on faint links would shout over it. */
  const lanesFor = (link: number) => {
    const stage = kept.stage();
    const shown = stage.links[stage.graph.linkOf[link] ?? -1];
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
        const moved = kept.seen(viewport.camera());
        const seen = shown === undefined ? [] : dotsSeen([shown], playheadAt(timeline, now()), lanesFor, moved);
        return { kind: 'dot', dot: dotAnswer(seen) };
      }
      case 'nodes':
        return { kind: 'nodes', nodes: nodesAnswer(kept.stage()) };
      case 'frameTimes':
        return { kind: 'frameTimes', frames: frameTimes.read() };
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
          graph = withShortNames(message.graph);
          detail.tell(graph);
          knownNodes = new Set(graph.nodes.map((node) => node.id));
          knownLinks = new Set(graph.links.map((link) => link.id));
          places.keepOnly(knownNodes);
          return takePositions();
        case 'readings':
          latest = unpackReadings(message.readings);
          detail.read(latest);
          minimap.stale();
          return stale();
        case 'flights':
          return take(message.batch, message.gone, message.replace);
        case 'timeline':
          timeline = message.timeline;
          return loop.wake();
        case 'select':
          selection = message.selection;
          return stale();
        case 'light': {
          light = message.light;
          const lit = light === null ? null : litBy(graph, light);
          tell({ kind: 'lit', lit: lit === null ? null : { nodes: lit.nodes.size, links: lit.links.size } });
          return stale();
        }
        case 'recordFrames':
          return frameTimes.record(message.enable);
        case 'pointer':
          if (!steer(message.pointer)) gesture(message.pointer);
          return;
        case 'zoom':
          viewport.zoom(message.factor);
          return stale();
        case 'fit':
          return showAll(true);
        case 'camera':
          viewport.goTo(message.camera);
          return message.camera === null ? showAll(true) : stale();
        case 'neighbour': {
          const id = neighbourOf(kept.stage(), message.from, message.direction);
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

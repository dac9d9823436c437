import { dotAnswer, nodesAnswer } from './answers.ts';
import { createDetail } from './detail.ts';
import { createEasedPlaces } from './eased-places.ts';
import { createFirstFrames } from './first-frames.ts';
import { createFlightBoard } from './flight-board.ts';
import type { Lettering } from './fonts.ts';
import { createFrameLoop } from './frame-loop.ts';
import { createFrameTimes } from './frame-times.ts';
import { neighbourOf } from './hit.ts';
import { type AnyCanvas, contextOf, createKeptPicture } from './kept-picture.ts';
import { litBy } from './light.ts';
import type { Answered, Ask, DrawToLayout, FromDraw, LayoutToDraw, Readings, ToDraw } from './messages.ts';
import { createMinimap } from './minimap.ts';
import { CALM_MILLIS, UNTOUCHED_MILLIS } from './next-frame.ts';
import { unpackReadings } from './pack-readings.ts';
import { createFramePainter } from './paint-frame.ts';
import { createPointing } from './pointing.ts';
import { isNews } from './reading-news.ts';
import { createRestingCamera } from './resting-camera.ts';
import { withShortNames } from './short-names.ts';
import type { Stage } from './stage.ts';
import { createStillPicture } from './still-picture.ts';
import { EMPTY_GRAPH, isTouch, nothingTold, tellGraph } from './told.ts';
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

const EMPTY_STAGE: Stage = { graph: EMPTY_GRAPH, nodes: [], links: [], hulls: [], scale: 1, isFolded: false };

const FIGURES_MILLIS = 3_000;
/** The layout is told of a hand so often, at most. */
const TOUCH_TOLD_MILLIS = 100;

/** The map on one canvas: what stands still is painted once and kept; each frame lays the dots over it. */
export function createDrawing({ canvas, newCanvas, tell, layout, now }: DrawingParts): Drawing {
  const context = contextOf(canvas, { alpha: false });
  const told = nothingTold();
  const kept = createKeptPicture(newCanvas, EMPTY_STAGE);
  const detail = createDetail();
  const minimap = createMinimap(newCanvas);
  const frameTimes = createFrameTimes();
  const places = createEasedPlaces();
  const board = createFlightBoard();
  const firstFrames = createFirstFrames();
  const viewport = createViewport();
  const camera = createRestingCamera((place) => tell({ kind: 'camera', camera: place }));
  const tellDetail = (shown: Extract<FromDraw, { kind: 'detail' }>['detail']): void =>
    tell({ kind: 'detail', detail: shown });
  const still = createStillPicture({ told, kept, detail, places, viewport, tellDetail });
  const lookAt = camera.look;
  const frame = createFramePainter({
    ...{ context, newCanvas, told, kept, still, places, viewport, board, minimap, firstFrames, lookAt, now },
  });
  const loop = createFrameLoop(
    (elapsed) => frameTimes.of(() => frame.paint(elapsed)),
    (stats) => tell({ kind: 'frames', ...stats }),
  );
  const pointing = createPointing({
    ...{ told, kept, detail, places, viewport, minimap, tell, layout, stale },
    dots: frame.dots,
    showAll: () => showAll(true),
  });
  /** The last positions told; they and the graph they are of come on different ways, either may be first. */
  let positioned: LayoutToDraw | null = null;
  let figuresDue: ReturnType<typeof setTimeout> | undefined;
  let touchToldAt = Number.NEGATIVE_INFINITY;

  function stale(): void {
    clearTimeout(figuresDue);
    figuresDue = undefined;
    still.stale(true);
    loop.wake();
  }

  function figuresStale(): void {
    figuresDue = undefined;
    still.stale(false);
    loop.wake(CALM_MILLIS);
  }

  function touched(): void {
    told.touchedAt = performance.now();
    if (told.touchedAt - touchToldAt < TOUCH_TOLD_MILLIS) return;
    touchToldAt = told.touchedAt;
    layout({ kind: 'touched' });
  }

  const isUntouched = (): boolean => performance.now() - told.touchedAt >= UNTOUCHED_MILLIS;

  /** Figures alone are painted every few seconds where no hand is; what deviates is seen at once. */
  function read(readings: Readings): void {
    const isPressing = !isUntouched() || isNews(told.readings, readings);
    told.readings = readings;
    detail.read(readings);
    minimap.stale();
    if (isPressing) stale();
    else figuresDue ??= setTimeout(figuresStale, FIGURES_MILLIS);
  }

  function showAll(isAsked: boolean): void {
    viewport.show(places.box(), isAsked);
    stale();
  }

  function resize(size: Sizes): void {
    viewport.resize(size);
    kept.resize(size);
    const [width, height] = [Math.round(size.width * size.ratio), Math.round(size.height * size.ratio)];
    // Setting a size empties a canvas, also when it has that size already.
    if (canvas.width !== Math.max(1, width)) canvas.width = Math.max(1, width);
    if (canvas.height !== Math.max(1, height)) canvas.height = Math.max(1, height);
    showAll(false);
  }

  function takePositions(): void {
    stale();
    minimap.stale();
    if (positioned === null || positioned.revision !== told.graph.revision) return;
    for (const [index, node] of told.graph.nodes.entries()) {
      if (node.id === pointing.dragged()) continue;
      const [x, y] = [positioned.positions[index * 2] ?? 0, positioned.positions[index * 2 + 1] ?? 0];
      places.target(node.id, { x, y });
    }
    showAll(false);
  }

  function answer(ask: Ask): Answered {
    switch (ask.kind) {
      case 'dot':
        return { kind: 'dot', dot: dotAnswer(frame.dotsOf(ask.exchange)) };
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
      if (isTouch(message)) touched();
      switch (message.kind) {
        case 'size':
          return resize(message);
        case 'theme':
          told.theme = message.theme;
          return stale();
        case 'reducedMotion':
          told.isReduced = message.reduced;
          viewport.reduceMotion(message.reduced);
          return stale();
        case 'graph':
          tellGraph(told, withShortNames(message.graph));
          detail.tell(told.graph);
          places.keepOnly(told.knownNodes);
          return takePositions();
        case 'readings':
          return read(unpackReadings(message.readings));
        case 'flights':
          if (message.replace) board.clear();
          board.remove(message.gone);
          board.put(message.batch);
          return loop.wake(isUntouched() ? CALM_MILLIS : 0);
        case 'timeline':
          told.timeline = message.timeline;
          return loop.wake(isUntouched() ? CALM_MILLIS : 0);
        case 'select':
          told.selection = message.selection;
          return stale();
        case 'light': {
          told.light = message.light;
          const lit = told.light === null ? null : litBy(told.graph, told.light);
          tell({ kind: 'lit', lit: lit === null ? null : { nodes: lit.nodes.size, links: lit.links.size } });
          return stale();
        }
        case 'recordFrames':
          return frameTimes.record(message.enable);
        case 'pointer':
          return pointing.obey(message.pointer);
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
      positioned = news;
      takePositions();
    },
    letter(next) {
      told.lettering = next;
      stale();
    },
  };
}

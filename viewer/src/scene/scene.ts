import type { Timeline } from '../model/clock.ts';
import { canDrawAside, type Drawer, drawAside, drawHere } from './drawer.ts';
import type {
  Answered,
  Arrangement,
  Ask,
  CameraPlace,
  DetailTold,
  Direction,
  FlightBatch,
  FromDraw,
  FromLayout,
  Graph,
  LayoutBody,
  LayoutForces,
  LayoutLink,
  Light,
  Pick,
  Pointer,
  Readings,
  Theme,
  ToDraw,
  ToLayout,
} from './messages.ts';
import { packReadings } from './pack-readings.ts';

/** The drawn map, as the page holds it: two workers and a canvas. What it was told last is told again to a new canvas. */
export interface Scene {
  attach(canvas: HTMLCanvasElement): () => void;
  graph(graph: Graph, bodies: readonly LayoutBody[], links: readonly LayoutLink[]): void;
  readings(readings: Readings): void;
  flights(batch: FlightBatch, gone: readonly string[]): void;
  /** Only these are known from now on. */
  replaceFlights(batch: FlightBatch): void;
  timeline(timeline: Timeline): void;
  theme(theme: Theme): void;
  reducedMotion(reduced: boolean): void;
  select(selection: Pick | null): void;
  /** Only this stands in the light; null: all of it. */
  light(light: Light | null): void;
  forces(forces: LayoutForces): void;
  arrange(arrangement: Arrangement): void;
  place(message: Extract<ToLayout, { kind: 'place' }>): void;
  afresh(): void;
  zoom(factor: number): void;
  fit(): void;
  camera(camera: CameraPlace | null): void;
  neighbour(from: string | null, direction: Direction): void;
  firstFrames(enable: boolean, clockOffsetMicros: number): void;
  recordFrames(enable: boolean): void;
  ask(ask: Ask): Promise<Answered | null>;
  close(): void;
}

export interface SceneListener {
  picked(pick: Pick | null): void;
  dropped(node: string, x: number, y: number): void;
  settled(message: FromLayout): void;
  cameraRests(camera: CameraPlace | null): void;
  frames(stats: { readonly perSecond: number; readonly costMillis: number }): void;
  /** A new canvas knows no flights yet. */
  wantsFlights(): void;
  /** How much of the map is drawn; the rest is closed in its servers or machines. */
  detail?(detail: DetailTold): void;
  /** What the light fell on; null: on nothing. */
  lit?(lit: { readonly nodes: number; readonly links: number } | null): void;
}

export interface SceneParts {
  readonly drawWorker: () => Worker;
  readonly layoutWorker: () => Worker;
}

export function createScene(parts: SceneParts, listener: SceneListener): Scene {
  const layout = parts.layoutWorker();
  /** Loads while there is no canvas yet. */
  let waiting = canDrawAside() ? parts.drawWorker() : null;
  /** The last message of each kind that a new canvas must be told, in the order of their first telling. */
  const standing = new Map<ToDraw['kind'], ToDraw>();
  const questions = new Map<number, (answer: Answered | null) => void>();
  let easel: Easel | null = null;
  /** The last ones told, for a new canvas. */
  let latest: Readings | null = null;
  let lastQuestion = 0;
  let arrangement: Arrangement = 'force';

  layout.onmessage = (event: MessageEvent<FromLayout>) => listener.settled(event.data);

  function keep(message: ToDraw): void {
    standing.set(message.kind, message);
    easel?.worker.postMessage(message);
  }

  const tell = (message: ToDraw): void => easel?.worker.postMessage(message);
  const tellLayout = (message: ToLayout): void => layout.postMessage(message);

  function hear(message: FromDraw, canvas: HTMLCanvasElement): void {
    switch (message.kind) {
      case 'picked':
        listener.picked(message.pick);
        return;
      case 'hover':
        canvas.style.cursor = CURSORS[message.over ?? 'none'];
        return;
      case 'dropped':
        // A place of another arrangement is none of the map that forces make: it is not kept.
        if (arrangement !== 'force') return;
        listener.dropped(message.node, message.x, message.y);
        return;
      case 'camera':
        // A new canvas begins where this one was.
        standing.set('camera', message);
        listener.cameraRests(message.camera);
        return;
      case 'frames':
        listener.frames({ perSecond: message.perSecond, costMillis: message.costMillis });
        return;
      case 'detail':
        listener.detail?.(message.detail);
        return;
      case 'lit':
        listener.lit?.(message.lit);
        return;
      case 'answer':
        questions.get(message.question)?.(message.answer);
        questions.delete(message.question);
    }
  }

  function setUp(canvas: HTMLCanvasElement): Easel {
    const channel = new MessageChannel();
    const heard = (message: FromDraw): void => hear(message, canvas);
    const worker = canDrawAside()
      ? drawAside(waiting ?? parts.drawWorker(), canvas, channel.port1, heard)
      : drawHere(canvas, channel.port1, heard);
    waiting = null;
    for (const message of standing.values()) worker.postMessage(message);
    if (latest !== null) worker.postMessage({ kind: 'readings', readings: packReadings(latest) });
    layout.postMessage({ kind: 'draw', port: channel.port2 } satisfies ToLayout, [channel.port2]);
    return { canvas, worker };
  }

  return {
    attach(canvas) {
      // A canvas gives its control away once only: a component that mounts again with the same one finds it as it was.
      if (easel?.canvas !== canvas) {
        easel?.worker.terminate();
        easel = setUp(canvas);
        listener.wantsFlights();
      }
      const { worker } = easel;
      return watchCanvas(canvas, (message) => worker.postMessage(message));
    },
    graph(graph, bodies, links) {
      keep({ kind: 'graph', graph });
      tellLayout({ kind: 'graph', revision: graph.revision, bodies, links });
    },
    readings(readings) {
      const packed = packReadings(readings);
      latest = readings;
      const { nodes, links, hulls } = packed;
      easel?.worker.postMessage({ kind: 'readings', readings: packed }, [nodes.buffer, links.buffer, hulls.buffer]);
    },
    flights: (batch, gone) => tell({ kind: 'flights', batch, gone, replace: false }),
    replaceFlights: (batch) => tell({ kind: 'flights', batch, gone: [], replace: true }),
    timeline: (timeline) => keep({ kind: 'timeline', timeline }),
    theme: (theme) => keep({ kind: 'theme', theme }),
    reducedMotion: (reduced) => keep({ kind: 'reducedMotion', reduced }),
    select: (selection) => keep({ kind: 'select', selection }),
    light: (light) => keep({ kind: 'light', light }),
    forces: (forces) => tellLayout({ kind: 'forces', forces }),
    arrange(next) {
      arrangement = next;
      tellLayout({ kind: 'arrange', arrangement: next });
    },
    place: tellLayout,
    afresh: () => tellLayout({ kind: 'afresh' }),
    zoom: (factor) => tell({ kind: 'zoom', factor }),
    fit: () => tell({ kind: 'fit' }),
    camera: (camera) => keep({ kind: 'camera', camera }),
    neighbour: (from, direction) => tell({ kind: 'neighbour', from, direction }),
    firstFrames: (enable, clockOffsetMicros) => keep({ kind: 'firstFrames', enable, clockOffsetMicros }),
    recordFrames: (enable) => tell({ kind: 'recordFrames', enable }),
    ask(ask) {
      if (easel === null) return Promise.resolve(null);
      const question = ++lastQuestion;
      return new Promise((resolve) => {
        questions.set(question, resolve);
        tell({ kind: 'ask', ask, question });
      });
    },
    close() {
      layout.terminate();
      waiting?.terminate();
      easel?.worker.terminate();
      easel = null;
      for (const resolve of questions.values()) resolve(null);
      questions.clear();
    },
  };
}

interface Easel {
  readonly canvas: HTMLCanvasElement;
  readonly worker: Drawer;
}

const CURSORS = { node: 'grab', dragging: 'grabbing', link: 'pointer', dot: 'pointer', none: 'default' } as const;

/** Tells size and pointer of the canvas until undone. */
function watchCanvas(canvas: HTMLCanvasElement, tell: (message: ToDraw) => void): () => void {
  const stop = new AbortController();
  const options = { signal: stop.signal };
  /** So much larger is all that is drawn, for who stands far off. */
  let scale = 1;
  const point = (pointer: Pointer): void =>
    tell({
      kind: 'pointer',
      pointer: 'x' in pointer ? { ...pointer, x: pointer.x / scale, y: pointer.y / scale } : pointer,
    });
  const measure = (): void => {
    const { width, height } = canvas.getBoundingClientRect();
    scale = Number(getComputedStyle(canvas).getPropertyValue('--map-scale')) || 1;
    const ratio = globalThis.devicePixelRatio * scale;
    if (width > 0 && height > 0) tell({ kind: 'size', width: width / scale, height: height / scale, ratio });
  };
  const resized = new ResizeObserver(measure);
  resized.observe(canvas);
  globalThis.addEventListener('resize', measure, options);
  measure();

  canvas.addEventListener(
    'pointerdown',
    (event) => {
      if (event.button !== 0) return;
      canvas.setPointerCapture(event.pointerId);
      point({ kind: 'down', x: event.offsetX, y: event.offsetY });
    },
    options,
  );
  canvas.addEventListener(
    'pointermove',
    (event) => point({ kind: 'move', x: event.offsetX, y: event.offsetY }),
    options,
  );
  canvas.addEventListener('pointerup', (event) => point({ kind: 'up', x: event.offsetX, y: event.offsetY }), options);
  canvas.addEventListener(
    'pointercancel',
    (event) => point({ kind: 'up', x: event.offsetX, y: event.offsetY }),
    options,
  );
  canvas.addEventListener('pointerleave', () => point({ kind: 'leave' }), options);
  canvas.addEventListener(
    'dblclick',
    (event) => point({ kind: 'double', x: event.offsetX, y: event.offsetY }),
    options,
  );
  canvas.addEventListener(
    'wheel',
    (event) => {
      event.preventDefault();
      const deltaY = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? event.deltaY * 33 : event.deltaY;
      point({ kind: 'wheel', x: event.offsetX, y: event.offsetY, deltaY });
    },
    { ...options, passive: false },
  );
  return () => {
    stop.abort();
    resized.disconnect();
  };
}

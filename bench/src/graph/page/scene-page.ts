import { outcomeCode } from '@soa-monitor/protocol';
import type { CameraPlace, FlightBatch, Graph, Readings } from '../../../../viewer/src/scene/messages.ts';
import { seededRandom } from '../../../../viewer/src/scene/random.ts';
import { createScene } from '../../../../viewer/src/scene/scene.ts';
import type { DrawingAnswer, DrawingQuestion } from '../drawing-question.ts';
import { type GeneratedEstate, generateEstate } from '../generated-estate.ts';
import { bodiesOf } from './estate-bodies.ts';
import { watchMainThread } from './main-thread.ts';

const READINGS_MILLIS = 250;
const STIR_MILLIS = 900;
/** A dot flies for 0.4 s there and 0.4 s back. */
const SECONDS_IN_FLIGHT = 0.8;

/** The viewer's own scene: shapes, glyphs, plates, hulls and curves as users see them, fed as the session feeds it. */
async function run(question: DrawingQuestion): Promise<DrawingAnswer> {
  const random = seededRandom(7);
  const estate = generateEstate(question.nodes, question.calls, random);
  const canvas = document.createElement('canvas');
  document.querySelector('#map')?.append(canvas);
  let isSettled = false;
  let settledAt: Float32Array = new Float32Array();
  let note = '';
  const scene = createScene(
    {
      drawWorker: () =>
        new Worker(new URL('../../../../viewer/src/scene/draw-worker.ts', import.meta.url), { type: 'module' }),
      layoutWorker: () =>
        new Worker(new URL('../../../../viewer/src/scene/layout-worker.ts', import.meta.url), { type: 'module' }),
    },
    {
      picked: () => {},
      dropped: () => {},
      settled: ({ positions }) => {
        isSettled = true;
        settledAt = positions;
      },
      frames: () => {},
      wantsFlights: () => {},
      cameraRests: () => {},
      detail: ({ shown, marks, nodes }) => {
        note += note.includes(`${shown} ${marks}`) ? '' : `${shown} ${marks} of ${nodes}; `;
      },
    },
  );
  scene.attach(canvas);
  scene.theme('light');
  scene.graph(graphOf(estate), bodiesOf(estate), estate.calls);
  const readings = readingsOf(estate, random);
  scene.readings(readings);
  await until(() => isSettled);
  await pause(1_500);
  const local = (performance.timeOrigin + performance.now()) * 1_000;
  scene.replaceFlights(flightsOf(question, estate, local, random));
  scene.timeline({
    kind: 'steady',
    at: local,
    playhead: local,
    speed: 1,
    running: true,
    until: Number.POSITIVE_INFINITY,
  });
  await pause(1_500);
  scene.recordFrames(true);
  await scene.ask({ kind: 'frameTimes' });
  note = '';
  const cameraAt = cameraPath(settledAt);
  // Made beforehand: what is measured is the map, not who reckons the figures.
  const told = Array.from({ length: 6 }, () => readingsOf(estate, random));
  let [lastReadings, lastStir, stirs] = [0, 0, 0];
  Object.assign(globalThis, { isMeasuring: true });
  const watched = watchMainThread((millis) => {
    scene.camera(cameraAt(millis / 1_000));
    if (millis - lastReadings > READINGS_MILLIS) {
      lastReadings = millis;
      scene.readings(told[Math.floor(millis / READINGS_MILLIS) % told.length] ?? readings);
    }
    if (question.isLayoutLive && millis - lastStir > STIR_MILLIS) {
      lastStir = millis;
      scene.forces({ charge: -2_400, linkLength: stirs++ % 2 === 0 ? 240 : 230, gravity: 1 });
    }
  });
  await pause(question.millis);
  const { held, own, longest } = watched.stop();
  const answer = await scene.ask({ kind: 'frameTimes' });
  const frames = answer?.kind === 'frameTimes' ? answer.frames : [];
  return {
    held,
    own,
    longest,
    between: frames.map(({ sinceLast }) => sinceLast),
    drawn: frames.map(({ held: took }) => took),
    note,
  };
}

/** Round the middle of the map and from all of it to three times as near, so that there is always something in view. */
function cameraPath(positions: Float32Array): (seconds: number) => CameraPlace {
  const xs = positions.filter((_, index) => index % 2 === 0);
  const ys = positions.filter((_, index) => index % 2 === 1);
  const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const fit = 0.9 * Math.min(innerWidth / (right - left), innerHeight / (bottom - top));
  return (seconds) => ({
    x: (left + right) / 2 + (right - left) * 0.2 * Math.sin(seconds),
    y: (top + bottom) / 2 + (bottom - top) * 0.2 * Math.sin(seconds * 0.7),
    zoom: fit * (2 - Math.cos(seconds * 1.3)),
  });
}

function graphOf({ nodes, calls }: GeneratedEstate): Graph {
  const hulls = new Map<string, { kind: 'machine' | 'server'; members: number[] }>();
  for (const kind of ['machine', 'server'] as const) {
    for (const [index, { groups }] of nodes.entries()) {
      for (const group of groups.filter((id) => id.startsWith(kind))) {
        const hull = hulls.get(group) ?? { kind, members: [] };
        hull.members.push(index);
        hulls.set(group, hull);
      }
    }
  }
  const ids = [...hulls.keys()];
  const numbers = new Map(ids.map((id, index) => [id, index]));
  return {
    revision: 1,
    nodes: nodes.map(({ id, kind, name, groups }) => {
      return {
        id,
        kind,
        name,
        belongsTo: groups.join(' '),
        hulls: groups.flatMap((group) => numbers.get(group) ?? []),
      };
    }),
    links: calls.map(({ source, target }, index) => ({ id: `link-${index}`, source, target })),
    hulls: [...hulls].map(([id, { kind, members }]) => ({ id, kind, name: id, members })),
    linkOf: Int32Array.from(calls, (_, index) => index),
  };
}

/** Nearly all is well, as on a good day; figures differ from one telling to the next. */
function readingsOf({ nodes, calls }: GeneratedEstate, random: () => number): Readings {
  const state = (): string => (random() < 0.0008 ? 'down' : random() < 0.0015 ? 'degraded' : 'up');
  return {
    revision: 1,
    nodes: nodes.map(({ kind }) => ({
      state: kind === 'client' ? null : state(),
      perSecond: random() ** 4 * 60,
      inFlight: 0,
      absent: false,
      pinned: false,
    })),
    links: calls.map(() => ({
      perSecond: random() ** 4 * 60,
      p95Micros: 2_000 + random() * 90_000,
      faultShare: random() < 0.02 ? random() * 0.2 : 0,
      inFlight: 0,
      broken: random() < 0.0008,
      absent: false,
    })),
    hulls: [],
  };
}

/** So many that the dots asked for are in the air at any moment of the run. */
function flightsOf(
  { dots, millis }: DrawingQuestion,
  { calls }: GeneratedEstate,
  from: number,
  random: () => number,
): FlightBatch {
  const seconds = millis / 1_000 + 4;
  const count = Math.round((dots / SECONDS_IN_FLIGHT) * seconds);
  const times = new Float64Array(count * 5);
  for (let i = 0; i < count; i++) {
    const sent = from + (i / count) * seconds * 1_000_000;
    times.set([sent, sent + 300, sent + 900, sent + 1_200, 1_200], i * 5);
  }
  return {
    ids: Array.from({ length: count }, (_, index) => `call-${index}`),
    times,
    links: Int32Array.from({ length: count }, () => Math.floor(random() * calls.length)),
    outcomes: Int8Array.from({ length: count }, () => outcomeCode(random() < 0.02 ? 'fault' : 'ok')),
  };
}

const pause = (millis: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, millis));

async function until(isTrue: () => boolean): Promise<void> {
  for (let waited = 0; !isTrue() && waited < 120_000; waited += 50) await pause(50);
}

Object.assign(globalThis, { runDrawing: run });

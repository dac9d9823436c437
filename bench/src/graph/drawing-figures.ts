import { openViewer } from '@soa-monitor/end-to-end';
import { atMost, print, quantileOf } from '../figure.ts';
import type { Pages } from './bundled-pages.ts';
import type { DrawingAnswer, DrawingQuestion } from './drawing-question.ts';
import { cpuOfAll, mainThreadTimes, type ThreadTimes } from './main-thread-cost.ts';

const BENCH = 'graph';
const MILLIS = 8_000;
const SCENE = { nodes: 5_000, calls: 10_000, dots: 500, isLayoutLive: true, millis: MILLIS };

interface Drawn extends DrawingAnswer {
  /** Of all processes of the browser, ms to a frame. */
  readonly cpuPerFrame: number;
  /** Of the page's main thread, ms to a frame; null where it is not told. */
  readonly mainThread: ThreadTimes | null;
}

type Run = (question: DrawingQuestion) => Promise<DrawingAnswer>;

/** Frames of the map's scene in a real browser without a GPU, and of two libraries that draw the same estate. */
export async function drawingFigures(pages: Pages): Promise<void> {
  const live = await drawn(pages, 'scene', SCENE);
  const p95 = (values: readonly number[]): number => quantileOf(values, 0.95);
  const median = (values: readonly number[]): number => quantileOf(values, 0.5);
  const heldByUs = p95(live.held);
  const times = live.mainThread;
  print({
    ...atMost(BENCH, 'main thread held per frame, layout live, 500 dots, p95', heldByUs, 'ms', 2, 1),
    peer:
      `median ${median(live.held).toFixed(2)} ms; of it our own code ${p95(live.own).toFixed(2)} ms at p95` +
      (times === null
        ? ''
        : `; a frame takes ${times.ran.toFixed(2)} ms of CPU and waits ${times.waited.toFixed(2)} ms for a core`),
  });
  print(atMost(BENCH, 'the same, longest task above 50 ms (0: none)', live.longest, 'ms', 50));
  for (const name of ['sigma', 'cytoscape'] as const) {
    const peer = await drawn(pages, name, SCENE);
    const [ours, theirs] = [live.cpuPerFrame, peer.cpuPerFrame];
    print({
      ...atMost(
        BENCH,
        `main thread held per frame, against ${name}, p95`,
        heldByUs / p95(peer.held),
        'ratio',
        0.1,
        0.025,
      ),
      peer: `${name} ${p95(peer.held).toFixed(1)} ms, own ${heldByUs.toFixed(2)} ms`,
    });
    print({
      ...atMost(BENCH, `CPU of all processes per frame, against ${name}`, ours / theirs, 'ratio', 0.25, 0.05),
      peer: `${name} ${theirs.toFixed(1)} ms, own ${ours.toFixed(1)} ms`,
    });
  }
  const settled = { ...SCENE, isLayoutLive: false };
  const few = await drawn(pages, 'scene', settled);
  print({
    ...atMost(BENCH, 'frame in the drawing worker, 500 dots, p95', p95(few.drawn), 'ms', 20, 12),
    peer: few.note,
  });
  const many = await drawn(pages, 'scene', { ...settled, dots: 5_000 });
  print({
    ...atMost(BENCH, 'frame in the drawing worker, 5,000 dots, p95', p95(many.drawn), 'ms', 25, 14),
    peer: many.note,
  });
  const wide = await drawn(pages, 'scene', settled, { width: 2_560, height: 1_440 });
  print({
    ...atMost(BENCH, 'frame in the drawing worker at 2560 × 1440, 500 dots, p95', p95(wide.drawn), 'ms', null),
    peer: wide.note,
  });
  const large = await drawn(pages, 'scene', { ...settled, nodes: 20_000, calls: 40_000 });
  print({
    ...atMost(BENCH, '20,000 nodes, 40,000 calls: from frame to frame, median', median(large.between), 'ms', 33, 17),
    peer: large.note,
  });
  print(atMost(BENCH, '20,000 nodes, 40,000 calls: from frame to frame, p95', p95(large.between), 'ms', 66, 33));
}

async function drawn(
  pages: Pages,
  name: 'scene' | 'sigma' | 'cytoscape',
  question: DrawingQuestion,
  size = { width: 1_440, height: 900 },
): Promise<Drawn> {
  const args = name === 'sigma' ? ['--enable-unsafe-swiftshader'] : [];
  const { page, close, errors } = await openViewer(pages.url(name), { ...size, args });
  try {
    const session = await page.context().browser()?.newBrowserCDPSession();
    if (session === undefined) throw new Error('the page has no browser');
    const answer = page.evaluate(async (asked) => {
      const run: Run = Reflect.get(globalThis, 'runDrawing');
      return run(asked);
    }, question);
    const told = await withCpu(answer, question.millis, async () => ({
      cpu: await cpuOfAll(session),
      main: await mainThreadTimes(session),
    }));
    if (errors.length > 0) process.stderr.write(`${name}: ${errors.slice(0, 3).join('; ')}\n`);
    return told;
  } finally {
    await close();
  }
}

interface Usage {
  readonly cpu: number;
  readonly main: ThreadTimes | null;
}

/** What the last part of the run took, for a frame: what comes before is loading and settling. */
async function withCpu(answer: Promise<DrawingAnswer>, millis: number, usage: () => Promise<Usage>): Promise<Drawn> {
  const samples: (Usage & { readonly at: number })[] = [];
  const timer = setInterval(() => {
    void usage().then((used) => samples.push({ at: performance.now(), ...used }));
  }, 500);
  const told = await answer;
  clearInterval(timer);
  const end = samples.at(-1);
  const begin = samples.find(({ at }) => at > (end?.at ?? 0) - millis * 0.6);
  if (end === undefined || begin === undefined) return { ...told, cpuPerFrame: Number.NaN, mainThread: null };
  const share = millis / (end.at - begin.at);
  const perFrame = (spent: number, frames: number): number => (spent * share) / frames;
  return {
    ...told,
    cpuPerFrame: perFrame((end.cpu - begin.cpu) * 1_000, told.between.length),
    mainThread:
      end.main === null || begin.main === null
        ? null
        : {
            ran: perFrame(end.main.ran - begin.main.ran, told.held.length),
            waited: perFrame(end.main.waited - begin.main.waited, told.held.length),
          },
  };
}

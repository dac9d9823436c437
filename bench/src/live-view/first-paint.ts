import { gzipSync } from 'node:zlib';
import { openViewer, startEstate, type Viewer } from '@soa-monitor/end-to-end';
import { atMost, print } from '../figure.ts';
import { quantile } from '../statistics.ts';

const BENCH = 'live-view';
const ROUNDS = 5;
const SCRIPTS_MAX = 200;

type Page = Viewer['page'];
type Response = Awaited<ReturnType<Page['waitForResponse']>>;

interface Probe {
  nodes(): Promise<readonly unknown[]>;
}

interface Opened {
  /** ms since the navigation began. */
  readonly paintedAt: number;
  readonly scriptBytes: number;
  readonly scripts: number;
}

/** From the address to the first frame with the map's nodes on it, in a browser that has nothing kept, each time a new one. */
export async function benchFirstPaint(): Promise<void> {
  const estate = await startEstate({ rate: 20 });
  try {
    const opened: Opened[] = [];
    await open(estate.url); // The server's own caches are warm, as they are but once in its life.
    for (let round = 0; round < ROUNDS; round++) opened.push(await open(estate.url));
    const median = (of: (one: Opened) => number): number => quantile(opened.map(of), 0.5);
    print(
      atMost(
        BENCH,
        'first paint of the map, cold cache, median',
        median((one) => one.paintedAt),
        'ms',
        1_500,
        800,
      ),
    );
    const kilobytes = median((one) => one.scriptBytes) / 1_000;
    const scripts = `${median((one) => one.scripts)} scripts, workers and all`;
    print({ ...atMost(BENCH, 'JavaScript before it, gzip', kilobytes, 'KB', 250, 180), peer: scripts });
  } finally {
    await estate.close();
  }
}

async function open(url: string): Promise<Opened> {
  const viewer = await openViewer('about:blank');
  try {
    const { page } = viewer;
    const responses: Response[] = [];
    page.on('response', (response) => {
      if (/\.m?js(\?|$)/.test(response.url()) && responses.length < SCRIPTS_MAX) responses.push(response);
    });
    await page.addInitScript(lookForNodes);
    await page.goto(url);
    const { paintedAt, origin } = await painted(page);
    // What comes after the map is there, such as pages one may go to next, did not hold it up.
    const before = responses.filter((response) => endOf(response) <= origin + paintedAt);
    const bodies = await Promise.all(before.map((response) => response.body()));
    const scriptBytes = bodies.reduce((sum, body) => sum + gzipSync(body).byteLength, 0);
    return { paintedAt, scriptBytes, scripts: before.length };
  } finally {
    await viewer.close();
  }
}

/** Epoch ms. */
function endOf(response: Response): number {
  const { startTime, responseStart } = response.request().timing();
  return startTime + Math.max(0, responseStart);
}

/** Runs in the page before anything of its own: asks the drawing for its nodes until it has some. */
function lookForNodes(): void {
  const look = async (): Promise<void> => {
    const scene: Probe | undefined = Reflect.get(globalThis, 'soaMonitorScene');
    const nodes = (await scene?.nodes()) ?? [];
    if (nodes.length > 0) Reflect.set(globalThis, 'mapPaintedAt', performance.now());
    else setTimeout(() => void look(), 2);
  };
  void look();
}

async function painted(page: Page): Promise<{ readonly paintedAt: number; readonly origin: number }> {
  await page.waitForFunction(() => Reflect.get(globalThis, 'mapPaintedAt') !== undefined, null, { timeout: 60_000 });
  return page.evaluate(() => ({
    paintedAt: Number(Reflect.get(globalThis, 'mapPaintedAt')),
    origin: performance.timeOrigin,
  }));
}

import { openViewer, type SceneShown, type Viewer } from '@soa-monitor/end-to-end';
import { atMost, print, quantileOf } from '../figure.ts';
import { startMonitor } from '../store/measured/start-measured.ts';
import { dataset } from '../store/queries/dataset.ts';

const BENCH = 'live-view';
const CLICKS = 24;
/** On a slow machine fewer are made, and it is told how many. */
const CLICKING_MILLIS_MAX = 150_000;
const SECOND_MICROS = 1_000_000;
const MINUTE_MICROS = 60 * SECOND_MICROS;
/** After so long nothing of a click is expected any more. */
const SETTLED_MILLIS = 2_000;

type Page = Viewer['page'];

interface Seen {
  readonly millis: number;
  readonly shown: SceneShown;
}

/**
 * A click on the time bar of a stored day, until the figures on the map are those of the clicked moment and stay so. What is
 * right is told by the store's own topology of the minute before; it cuts by the times that were known when an exchange came,
 * the map by the best known since, so one at an edge of the minute may fall on either side.
 */
export async function benchClicks(observations: number): Promise<void> {
  const day = await dataset(observations);
  const monitor = await startMonitor({ folder: day.data });
  const middle = Math.round((day.from + day.to) / 2);
  const query = `from=${day.from}&to=${day.to}&at=${middle}`;
  const viewer = await openViewer(`${monitor.url}/?${query}`);
  try {
    const { page } = viewer;
    await page.waitForFunction(() => Reflect.get(globalThis, 'soaMonitorScene')?.shown().mode === 'replay', null, {
      timeout: 60_000,
    });
    await page.waitForTimeout(SETTLED_MILLIS);
    const pause = page.getByRole('button', { name: 'Pause', exact: true });
    if (await pause.isVisible()) await pause.click();
    const millis: number[] = [];
    let [wrong, atEdge] = [0, 0];
    const until = performance.now() + CLICKING_MILLIS_MAX;
    for (let turn = 0; turn < CLICKS && performance.now() < until; turn++) {
      const share = 0.02 + ((turn * 0.6180339887) % 0.96);
      const seen = await click(page, share);
      const last = seen.at(-1);
      if (last === undefined) continue;
      const right = await expected(monitor.url, last.shown.playhead);
      const isAt = Math.abs(last.shown.playhead - (day.from + share * (day.to - day.from))) < MINUTE_MICROS * 3;
      const off = Math.abs(last.shown.count - right);
      if (off === 1) atEdge++;
      if (!isAt || off > 1) {
        wrong++;
        process.stderr.write(`${BENCH}: at ${share.toFixed(3)} shown ${JSON.stringify(last.shown)}, stored ${right}\n`);
      }
      const first = seen.findLastIndex(({ shown }) => !isSame(shown, last.shown)) + 1;
      millis.push(seen[first]?.millis ?? Number.NaN);
    }
    const peer = `${day.observations} observations, ${millis.length} clicks, median ${quantileOf(millis, 0.5).toFixed(0)} ms`;
    print({
      ...atMost(BENCH, 'click to the right picture in a stored day, p95', quantileOf(millis, 0.95), 'ms', 800, 300),
      peer,
    });
    print(atMost(BENCH, 'clicks after which the picture was not right', wrong, 'clicks', 0));
    print(atMost(BENCH, 'clicks one exchange apart, at an edge of the minute', atEdge, 'clicks', null));
  } finally {
    await viewer.close();
    await monitor.stop();
  }
}

const isSame = (one: SceneShown, other: SceneShown): boolean =>
  one.playhead === other.playhead &&
  one.count === other.count &&
  one.faults === other.faults &&
  one.errors === other.errors;

/** What is shown in each frame from the click on. */
async function click(page: Page, share: number): Promise<readonly Seen[]> {
  const box = await page.getByRole('slider', { name: 'Moment shown' }).boundingBox();
  if (box === null) throw new Error('the time bar is not there');
  await page.mouse.move(box.x + share * box.width, box.y + box.height / 2);
  // It must listen before the pointer is let go: one that began beside the click has waited for ever.
  await page.evaluate(watchShown, SETTLED_MILLIS);
  await page.mouse.down();
  await page.mouse.up();
  return page.evaluate((): Promise<Seen[]> => Reflect.get(globalThis, 'clickWatched'));
}

/** Runs in the page: time counts from the pointer's release. */
function watchShown(forMillis: number): void {
  const watched = new Promise<Seen[]>((resolve) => {
    const seen: Seen[] = [];
    const began = (): void => {
      const at = performance.now();
      const look = (): void => {
        const millis = performance.now() - at;
        const shown: SceneShown | undefined = Reflect.get(globalThis, 'soaMonitorScene')?.shown();
        if (shown !== undefined) seen.push({ millis, shown });
        if (millis < forMillis) requestAnimationFrame(look);
        else resolve(seen);
      };
      look();
    };
    addEventListener('pointerup', began, { capture: true, once: true });
  });
  Reflect.set(globalThis, 'clickWatched', watched);
}

/** The map's figures are of whole seconds: up to the last full one. */
async function expected(url: string, at: number): Promise<number> {
  const to = Math.floor(at / SECOND_MICROS) * SECOND_MICROS;
  const answer = await fetch(`${url}/api/v1/topology?from=${to - MINUTE_MICROS}&to=${to}&level=endpoint`);
  const told: { readonly links: readonly { readonly count: number }[] } = await answer.json();
  return told.links.reduce((sum, { count }) => sum + count, 0);
}

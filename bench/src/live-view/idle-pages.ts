import { openViewer } from '@soa-monitor/end-to-end';
import { atMost, print } from '../figure.ts';
import { browserUsage, shareOfCore } from './browser-usage.ts';

const BENCH = 'live-view';
const WARM_UP_MILLIS = 3_000;
const MEASURED_MILLIS = 12_000;

/** What an open tab costs that does next to nothing, in the same browser: what the map's tab is seen beside. */
export async function benchIdlePages(): Promise<void> {
  await idlePage('an empty canvas, a loop of 60 frames a second', loopOnly);
  await idlePage('a plain canvas of the same size, 25 dots, 20 frames a second', dotsOnly);
}

async function idlePage(name: string, run: () => void): Promise<void> {
  const { page, close } = await openViewer('about:blank');
  try {
    const usage = await browserUsage(page);
    await page.evaluate(run);
    await page.waitForTimeout(WARM_UP_MILLIS);
    const [before, at] = [await usage.cpu(), performance.now()];
    await page.waitForTimeout(MEASURED_MILLIS);
    const cpu = shareOfCore(before, await usage.cpu(), (performance.now() - at) / 1_000);
    print({ ...atMost(BENCH, `${name}: CPU of all processes`, cpu.all, '% of a core', null), peer: cpu.words });
  } finally {
    await close();
  }
}

/** Both run in the page. */
function loopOnly(): void {
  document.body.append(document.createElement('canvas'));
  const frame = (): void => void requestAnimationFrame(frame);
  frame();
}

function dotsOnly(): void {
  const canvas = document.createElement('canvas');
  canvas.width = innerWidth;
  canvas.height = innerHeight;
  document.body.append(canvas);
  const context = canvas.getContext('2d', { alpha: false });
  if (context === null) return;
  setInterval(() => {
    context.fillStyle = '#ffffff';
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.fillStyle = '#3366aa';
    for (let dot = 0; dot < 25; dot++) {
      const turn = performance.now() / 900 + dot;
      context.beginPath();
      context.arc(canvas.width * (0.5 + 0.4 * Math.sin(turn)), (canvas.height * (dot + 0.5)) / 25, 4, 0, 7);
      context.fill();
    }
  }, 50);
}

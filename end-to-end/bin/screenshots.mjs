import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { browser } from '../../scripts/steps/browser.mjs';
import { fail, root, say } from '../../scripts/steps/run.mjs';

/** `npm run screenshots -- [address]`: the pictures of docs/viewer.md, of a running monitor with the sample estate. */
const address = process.argv[2] ?? 'http://localhost:4600';
const folder = join(root, 'docs', 'screens');
const ARGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'];
/** Long enough for a map that is still. */
const STILL_MILLIS = 8_000;

const exchangesOf = async (query) => {
  const answer = await fetch(`${address}/api/v1/exchanges?${query}`).catch(() =>
    fail(`Nobody answers at ${address}. Start it first: npm start`),
  );
  return (await answer.json()).exchanges.filter(({ halves }) => halves === 'both');
};
const faults = await exchangesOf('outcome=fault&limit=50');
// One that was caused by another, so that there is a transaction to be seen.
const inner = [...faults, ...(await exchangesOf('limit=200'))].find(({ parent }) => parent !== null);
const joined = inner ?? faults[0];
const pages = {
  map: '/',
  operations: '/?level=operation',
  charts: '/charts',
  compare: '/compare',
  ...(joined === undefined ? {} : { exchange: `/?exchange=${joined.id}` }),
};
mkdirSync(folder, { recursive: true });
const chrome = await chromium.launch({ executablePath: await browser(), args: ARGS });
for (const [name, path] of Object.entries(pages)) {
  for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
    const page = await chrome.newPage({ viewport: { width: 1440, height: 900 }, colorScheme });
    await page.goto(address + path);
    await page.waitForTimeout(STILL_MILLIS);
    await page.screenshot({ path: join(folder, `${name}-${colorScheme}.png`) });
    await page.close();
    say(`docs/screens/${name}-${colorScheme}.png`);
  }
}
await chrome.close();

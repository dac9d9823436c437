import { join } from 'node:path';
import { browser } from './steps/browser.mjs';
import { prepare } from './steps/prepare.mjs';
import { root, run } from './steps/run.mjs';

/** `npm run bench [-- names]`: one JSON line a figure. Without names: all of them. */
await prepare();
const chromium = await browser();
const { code } = await run('node', [join(root, 'bench/dist/bench.js'), ...process.argv.slice(2)], {
  env: { ...process.env, SOA_MONITOR_CHROMIUM: chromium },
});
process.exit(code);

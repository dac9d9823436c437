import { join } from 'node:path';
import { browser } from './steps/browser.mjs';
import { build } from './steps/build.mjs';
import { install } from './steps/install.mjs';
import { root, run } from './steps/run.mjs';

/** `npm run bench [-- names]`: one JSON line a figure. Without names: all of them. */
await install();
const chromium = await browser();
await build();
const { code } = await run('node', [join(root, 'bench/dist/bench.js'), ...process.argv.slice(2)], {
  env: { ...process.env, SOA_MONITOR_CHROMIUM: chromium },
});
process.exit(code);

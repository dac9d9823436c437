import { readFileSync, rmSync } from 'node:fs';
import { browser } from './steps/browser.mjs';
import { prepare } from './steps/prepare.mjs';
import { fail, root, run, say } from './steps/run.mjs';

/** `npm test [-- vitest's arguments]`: installs, builds, finds a browser, runs everything, and ends with one line of counts. */
await prepare();
const chromium = await browser();

const REPORT = `${root}.cache/test-report.json`;
rmSync(REPORT, { force: true });
const vitest = [
  `${root}node_modules/vitest/vitest.mjs`,
  'run',
  '--reporter=default',
  '--reporter=json',
  `--outputFile.json=${REPORT}`,
];
const { code } = await run('node', [...vitest, ...process.argv.slice(2)], {
  env: { ...process.env, SOA_MONITOR_CHROMIUM: chromium },
});

const { passed, failed } = counts();
if (passed + failed === 0) fail('No test was run.');
say(`${passed} passed, ${failed} failed`);
process.exit(code === 0 && failed === 0 ? 0 : 1);

function counts() {
  try {
    const report = JSON.parse(readFileSync(REPORT, 'utf8'));
    return {
      passed: report.numPassedTests,
      failed: report.numFailedTests + (report.numFailedTests === 0 && !report.success ? 1 : 0),
    };
  } catch {
    return fail('The test run left no report.');
  }
}

import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fail, run, say } from './run.mjs';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome', 'msedge'];
const PLACES = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  '/snap/bin/chromium',
];

/**
 * The path of a Chrome or Chromium: the one named in SOA_MONITOR_CHROMIUM, else one that is installed, else Debian's
 * package (as root), else one line says what to do. Nothing is downloaded from anywhere but the distribution.
 */
export async function browser() {
  const found = installed();
  if (found !== null) return found;
  if (process.getuid?.() === 0 && existsSync('/etc/debian_version')) {
    say('Installing Chromium for the browser tests (Debian package) …');
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    await run('apt-get', ['update', '-qq'], { quiet: true, env });
    await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium', 'fonts-liberation'], {
      quiet: true,
      env,
    });
    const now = installed();
    if (now !== null) return now;
  }
  return fail(
    'The browser tests need Chrome or Chromium: install one (Debian: sudo apt-get install chromium), or set SOA_MONITOR_CHROMIUM to its path.',
  );
}

function installed() {
  const named = process.env.SOA_MONITOR_CHROMIUM;
  if (named !== undefined && existsSync(named)) return named;
  const folders = (process.env.PATH ?? '').split(delimiter);
  const candidates = NAMES.flatMap((name) => folders.map((folder) => join(folder, name)));
  return [...candidates, ...PLACES].find((path) => existsSync(path)) ?? null;
}

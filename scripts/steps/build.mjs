import { fingerprintOf, isDone, markDone } from './fingerprint.mjs';
import { fail, root, run, say } from './run.mjs';

const SOURCES = [
  'package-lock.json',
  'tsconfig.base.json',
  'tsconfig.json',
  'protocol',
  'interceptors',
  'monitor-server',
  'viewer',
  'sample-airline-bank',
  'bench',
  'end-to-end',
];
const STAMP = '.cache/built';

/** Builds what ships and what starts as a thread or a process; nothing when no source has changed. */
export async function build() {
  const input = fingerprintOf(SOURCES);
  if (isDone(STAMP, input)) return;
  say('Building …');
  await step('The TypeScript build', 'node', [`${root}node_modules/typescript/bin/tsc`, '-b']);
  await step('The viewer build', 'node', [`${root}node_modules/vite/bin/vite.js`, 'build'], `${root}viewer`);
  markDone(STAMP, input);
}

async function step(name, command, args, cwd = root) {
  // Whoever builds (a test run, say), what ships is the production build.
  const env = { ...process.env, NODE_ENV: 'production' };
  const { code, output } = await run(command, args, { quiet: true, cwd, env });
  if (code === 0) return;
  process.stderr.write(output);
  fail(`${name} failed (see above).`);
}

import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { contentsOf, isDone, markDone } from './fingerprint.mjs';
import { reasonOf } from './install-failure.mjs';
import { fail, run, say } from './run.mjs';

const STAMP = 'node_modules/.soa-monitor-installed';

/**
 * Installs what the lock file says, once for each lock file and Node version: the one install step of every command.
 * Resolves when the packages are there; `compiled` when the one native module is, which takes longest and which the build
 * does not need.
 */
export async function install() {
  requireNode();
  const input = `${contentsOf(['package-lock.json'])} ${process.version} ${process.platform} ${process.arch}`;
  if (isDone(STAMP, input)) return { compiled: Promise.resolve() };
  say('Installing dependencies (better-sqlite3 may be compiled: one to three minutes) …');
  // Not `npm ci`: it refuses a lock file that lacks a package of another platform, as one made behind a registry that does
  // not have them all must. This takes the same versions from the lock file, and leaves it as it is.
  await npm(['install', '--no-save', '--ignore-scripts', '--no-fund', '--no-audit']);
  return { compiled: npm(['rebuild', 'better-sqlite3']).then(() => markDone(STAMP, input)) };
}

async function npm(args) {
  const { code, output } = await run('npm', args, { quiet: true, env: npmEnvironment() });
  if (code === 0) return;
  const reason = await reasonOf(output, isThere);
  // A reason that is known says it all in its one line.
  if (reason.includes('(see above)')) process.stderr.write(`${output.split('\n').slice(-40).join('\n')}\n`);
  fail(reason);
}

function requireNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  fail(`SOA Monitor needs Node 20.19 or later; this is ${process.version}. Install a newer Node and try again.`);
}

/**
 * node-gyp downloads Node's headers unless it is told where they are, and a closed network has none to give. Where the
 * headers lie beside the running Node (Debian's packages, nodejs.org's archives, nvm), it is told.
 */
function npmEnvironment() {
  // What an outer `npm start` set for its own run must not steer this one.
  const env = Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^npm_(config_(?!user|cache|registry|cafile|.*proxy)|lifecycle|package)/i.test(name),
    ),
  );
  const prefix = dirname(dirname(process.execPath));
  if (existsSync(join(prefix, 'include', 'node', 'node.h'))) env.npm_config_nodedir = prefix;
  return env;
}

const isThere = async (program) => (await run('sh', ['-c', `command -v ${program}`], { quiet: true })).code === 0;

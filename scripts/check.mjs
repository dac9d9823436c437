import { prepare } from './steps/prepare.mjs';
import { root, run, say } from './steps/run.mjs';

/** `npm run check`: format and lint, types, import arrows, dead code. A tool that looked at no file fails as well. */
await prepare();

const bin = (path) => `${root}node_modules/${path}`;
const results = [
  await check(
    'format and lint',
    [bin('@biomejs/biome/bin/biome'), 'ci', '--error-on-warnings', '.'],
    /Checked (\d+) files/,
  ),
  await check('types', [bin('typescript/bin/tsc'), '-p', 'tsconfig.tests.json', '--listFiles'], filesOfOurs),
  await check(
    'import arrows',
    [bin('dependency-cruiser/bin/dependency-cruise.mjs'), '--config', '.dependency-cruiser.cjs', ...sources()],
    /\((\d+) modules/,
  ),
  await check('dead code', [bin('knip/bin/knip.js'), '--no-progress', '--performance'], /parseFile\s+(\d+)/),
];
process.exit(results.every(Boolean) ? 0 : 1);

function sources() {
  return [
    'protocol/src',
    'interceptors/node/src',
    'monitor-server/src',
    'viewer/src',
    'sample-airline-bank/src',
    'bench/src',
    'end-to-end/src',
  ];
}

function filesOfOurs(output) {
  return output.split('\n').filter((line) => line.startsWith(root) && !line.includes('/node_modules/')).length;
}

async function check(name, args, looked) {
  const { code, output } = await run('node', args, { quiet: true });
  const files = typeof looked === 'function' ? looked(output) : Number(looked.exec(output)?.[1] ?? 0);
  if (code !== 0)
    process.stderr.write(
      `${output
        .split('\n')
        .filter((line) => !line.startsWith('/'))
        .join('\n')}\n`,
    );
  if (code === 0 && files === 0) process.stderr.write(`${output}\n`);
  say(
    `${code === 0 && files > 0 ? 'ok   ' : 'FAIL '} ${name}: ${files === 0 ? 'it looked at no file' : `${files} files`}`,
  );
  return code === 0 && files > 0;
}

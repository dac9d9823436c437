import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { build } from './steps/build.mjs';
import { root } from './steps/run.mjs';

/** `npm run fuzz -- --seconds 600 --seed 1`: broken envelopes against what their reader promises; exit 1 on a finding. */
const { values } = parseArgs({
  options: { seconds: { type: 'string', default: '60' }, seed: { type: 'string' } },
});
const seed = Number(values.seed ?? Date.now() % 1_000_000_000);
await build();
// What is only for tests is no part of the package, so it is compiled apart.
const compiled = spawnSync('npx', ['tsc', '-b', 'interceptors/node/tsconfig.testing.json'], {
  cwd: root,
  stdio: 'inherit',
});
if (compiled.status !== 0) process.exit(compiled.status ?? 1);
const { fuzz } = await import(join(root, 'interceptors/node/dist/testing/envelope-fuzz.js'));
const { cases, characters, cpuSeconds, findings } = fuzz(seed, Number(values.seconds));
for (const finding of findings) process.stdout.write(`${JSON.stringify(finding)}\n`);
process.stdout.write(
  `${JSON.stringify({ fuzz: 'envelope', seed, cases, characters, cpuSeconds: Math.round(cpuSeconds), findings: findings.length })}\n`,
);
process.exit(findings.length === 0 ? 0 : 1);

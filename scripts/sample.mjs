import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { prepare } from './steps/prepare.mjs';
import { root } from './steps/run.mjs';

/** `npm run sample [-- options]`: the sample estate alone, or one process of it again (`--only bank`). */
await prepare();

const given = process.argv.slice(2);
const keyFile = join(root, 'data/ingest.key');
const defaults = [
  ...(given.includes('--monitor') ? [] : ['--monitor', process.env.SOA_MONITOR_URL ?? 'http://localhost:4600']),
  ...(given.includes('--key') || process.env.SOA_MONITOR_KEY !== undefined || !existsSync(keyFile)
    ? []
    : ['--key', readFileSync(keyFile, 'utf8').trim()]),
  ...(given.includes('--data') ? [] : ['--data', join(root, 'data/sample')]),
];
const child = spawn(process.execPath, [join(root, 'sample-airline-bank/dist/sample.js'), ...defaults, ...given], {
  stdio: 'inherit',
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
child.on('exit', (code) => process.exit(code ?? 1));

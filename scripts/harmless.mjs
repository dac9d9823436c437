import { join } from 'node:path';
import { prepare } from './steps/prepare.mjs';
import { root, run } from './steps/run.mjs';

/** `npm run harmless [-- --seed 7 --only "called client=soap"]`: the interceptor's whole proof; see interceptors/node/HARMLESS.md. */
await prepare();
const { code } = await run('node', [
  join(root, 'interceptors/node/dist/testing/harmless/harmless.js'),
  ...process.argv.slice(2),
]);
process.exit(code);

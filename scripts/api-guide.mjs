import { prepare } from './steps/prepare.mjs';
import { root, run } from './steps/run.mjs';

/** `npm run api-guide`: writes docs/api.md anew, from openapi.json and examples that are run. The test of it says when to. */
await prepare();
const vitest = [`${root}node_modules/vitest/vitest.mjs`, 'run', '--project', 'parts'];
// The path first: what stands behind --update is taken for its value.
const { code } = await run('node', [...vitest, 'monitor-server/src/testing/api-guide', '--update']);
process.exit(code);

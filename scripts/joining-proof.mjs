import { parseArgs } from 'node:util';
import { prepare } from './steps/prepare.mjs';
import { fail } from './steps/run.mjs';

/**
 * `npm run joining -- --calls 1000000 --seed 1`: generated calls, built to mislead, through the real writer into a database
 * of their own. One JSON line; fails when a join is false, or when too few calls are joined.
 */
const { values } = parseArgs({
  options: { calls: { type: 'string', default: '100000' }, seed: { type: 'string', default: '1' } },
});
await prepare();
const { proveJoining } = await import('../monitor-server/dist/store/sqlite/proof/joining-proof.js');
const begunAt = Date.now();
const proof = proveJoining(Number(values.calls), Number(values.seed), ({ calls, joined, falseJoins }) =>
  process.stderr.write(`${calls} calls, ${joined} joined, ${falseJoins} of them false\n`),
);
const share = ({ told, joined }) => (told === 0 ? 1 : joined / told);
const directShare = share(proof.direct);
const proxiedShare = share(proof.proxied);
const seconds = Math.round((Date.now() - begunAt) / 1_000);
process.stdout.write(
  `${JSON.stringify({ bench: 'joining', seed: values.seed, ...proof, directShare, proxiedShare, seconds })}\n`,
);
if (proof.falseJoins > 0) fail(`${proof.falseJoins} of ${proof.joined} joins are false.`);
if (directShare < 0.999 || proxiedShare < 0.95) fail('Too few calls are joined (see above).');

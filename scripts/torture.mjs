import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { prepare } from './steps/prepare.mjs';
import { fail } from './steps/run.mjs';

/**
 * `npm run torture -- --minutes 30 --seed 7`: bad luck for a real monitor, kill -9 above all. A line an act, a last one for all.
 * A failed act is seen again by its seed and number (`--act 12`), alone by its name (`--only kill,walCut`); its folder is kept.
 */
const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '5' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    only: { type: 'string' },
    act: { type: 'string' },
    folder: { type: 'string' },
  },
});
await prepare();
const { torture } = await import('../monitor-server/dist/torture/torture.js');
const folder = values.folder ?? mkdtempSync(join(tmpdir(), 'soa-monitor-torture-'));
process.stderr.write(`seed ${values.seed}, folder ${folder}\n`);
const { failures, ...told } = await torture({
  millis: Number(values.minutes) * 60_000,
  seed: Number(values.seed),
  folder,
  ...(values.only === undefined ? {} : { only: values.only.split(',') }),
  ...(values.act === undefined ? {} : { act: Number(values.act) }),
  tell: (line) => process.stdout.write(`${line}\n`),
});
process.stdout.write(`${JSON.stringify({ bench: 'torture', ...told, failures: failures.length })}\n`);
for (const { act, name, findings } of failures) process.stderr.write(`act ${act} (${name}): ${findings.join('; ')}\n`);
if (failures.length > 0) fail(`${failures.length} acts failed: seed ${values.seed}, kept under ${folder}.`);
process.exit(0);

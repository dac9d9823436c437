import { parseArgs } from 'node:util';
import { onStop } from '../process/stop.ts';
import { createTally } from '../process/tally.ts';
import { callWithSoap } from '../soap/call-with-soap.ts';
import { runArrivals } from './arrivals.ts';
import { createChoices } from './choices.ts';
import { createClient } from './client.ts';
import type { Profile } from './profiles.ts';
import { seededRandom, seedOf } from './random.ts';

/** Composes one client out of its profile and the command line, and runs it until its calls are made or it is told to stop. */
export async function runClient(profile: Profile, args: readonly string[]): Promise<void> {
  const settings = readSettings(args);
  const tally = createTally(profile.name, settings.tallyFolder);
  process.once('exit', () => tally.write());
  let references = 0;
  const client = await createClient(profile.name, {
    endpoints: settings.endpoints,
    openCall: callWithSoap,
    counter: tally,
    newReference: () => `${profile.name}-${process.pid}-${settings.startedAt}-${++references}`,
  });
  const choose = createChoices(profile, seededRandom(seedOf(settings.seed, profile.name, 'choices')));
  // The moments have a stream of their own, so the same choices come at any rate.
  const random = seededRandom(seedOf(settings.seed, profile.name, 'moments'));
  const arrivals = runArrivals(settings, { random, now: () => performance.now() }, () => client.act(choose()));
  onStop(() => arrivals.stop());
  await arrivals.done;
}

function readSettings(args: readonly string[]) {
  const { values } = parseArgs({
    args: [...args],
    options: {
      rate: { type: 'string', default: '1' },
      calls: { type: 'string', default: 'Infinity' },
      seed: { type: 'string', default: '1' },
      bank: { type: 'string', default: '' },
      'airline-a': { type: 'string', default: '' },
      'airline-b': { type: 'string', default: '' },
      tally: { type: 'string' },
    },
  });
  return {
    perSecond: Number(values.rate),
    calls: Number(values.calls),
    seed: values.seed,
    endpoints: { bank: values.bank, 'airline-a': values['airline-a'], 'airline-b': values['airline-b'] },
    tallyFolder: values.tally,
    startedAt: Date.now(),
  };
}

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { stacks, startAirline, startBank, temporaryFolder } from '../estate-under-test.ts';
import { createTally } from '../process/tally.ts';
import { callWithSoap } from '../soap/call-with-soap.ts';
import { createChoices } from './choices.ts';
import { createClient } from './client.ts';
import type { Target } from './plan.ts';
import { profiles } from './profiles.ts';
import { seededRandom } from './random.ts';

async function clientOf(endpoints: Record<Target, string>) {
  const folder = temporaryFolder();
  const tally = createTally('kiosk', folder);
  let references = 0;
  const parts = { endpoints, openCall: callWithSoap, counter: tally, newReference: () => `reference ${++references}` };
  const readTally = () => {
    tally.write();
    return JSON.parse(readFileSync(join(folder, 'kiosk.json'), 'utf8')) as {
      begun: number;
      calls: { target: string; operation: string; outcomes: Record<string, number> }[];
    };
  };
  return { ...(await createClient('kiosk', parts)), readTally };
}

function sum(outcomes: Record<string, number>[], outcome?: string): number {
  return outcomes.flatMap((each) => (outcome ? [each[outcome] ?? 0] : Object.values(each))).reduce((a, b) => a + b, 0);
}

test('each choice is one call, counted once by its outcome', async () => {
  const bank = await startBank();
  const [soap, strongSoap] = stacks;
  if (soap === undefined || strongSoap === undefined) throw new Error('two stacks are needed');
  const endpoints = {
    bank: bank.url,
    'airline-a': (await startAirline(soap, bank.url)).url,
    'airline-b': (await startAirline(strongSoap, bank.url)).url,
  };
  const client = await clientOf(endpoints);
  const choose = createChoices(profiles.kiosk, seededRandom(3));
  for (let count = 0; count < 300; count += 1) await client.act(choose());

  const { begun, calls } = client.readTally();
  const outcomes = calls.map((line) => line.outcomes);
  expect(begun).toBe(300);
  expect(sum(outcomes)).toBe(300);
  expect(sum(outcomes, 'ok')).toBeGreaterThan(200);
  expect(sum(outcomes, 'malformed')).toBeGreaterThan(3);
  expect(
    sum(
      calls.filter(({ operation }) => operation === 'book').map((line) => line.outcomes),
      'fault',
    ),
  ).toBeGreaterThan(10);
  expect(new Set(calls.map(({ target }) => target))).toEqual(new Set(['bank', 'airline-a', 'airline-b']));
});

test('a client whose services are all down goes on, and counts each call as refused', async () => {
  const bank = await startBank();
  bank.close();
  const client = await clientOf({ bank: bank.url, 'airline-a': bank.url, 'airline-b': bank.url });
  const choose = createChoices(profiles.kiosk, seededRandom(3));
  for (let count = 0; count < 100; count += 1) await client.act(choose());
  expect(
    sum(
      client.readTally().calls.map((line) => line.outcomes),
      'refused',
    ),
  ).toBe(100);
});

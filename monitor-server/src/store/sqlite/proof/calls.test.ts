import { expect, it } from 'vitest';
import { createRandom } from '../../testing/random.ts';
import { createCallMaker } from './calls.ts';
import { createWorld } from './world.ts';

/** The clock of a host runs up to 30 ppm wrong, over a call of up to 8 s; and an end is told 20 µs after the last byte. */
const DRIFT_MICROS = 1_000;

// A port serves one connection at a time, and a connection one request: otherwise its ends and ordinal would tell nothing.
it('makes no two calls at one time on one connection', () => {
  const random = createRandom(11);
  const sites = createWorld(random);
  const epoch = 1_795_000_000_000_000;
  const maker = createCallMaker(sites, random, epoch);
  for (let call = 0; call < 10_000; call++) maker.make(epoch + call * 1_667);

  let together = 0;
  for (const { outbox } of sites.flatMap(({ clients }) => clients)) {
    const doneBy = new Map<string, number>();
    const rows = outbox.map(({ row }) => row).filter(({ end }) => end !== null);
    for (const { connection, start, end } of rows.sort((a, b) => a.start - b.start)) {
      const ends = `${connection?.client} ${connection?.server}`;
      if (start + DRIFT_MICROS < (doneBy.get(ends) ?? 0)) together++;
      doneBy.set(ends, Math.max(doneBy.get(ends) ?? 0, start + (end ?? 0)));
    }
  }
  expect(together).toBe(0);
});

import { openStore } from '../open-store.ts';
import { createReporter, loopback } from './estate.ts';

/**
 * A process to be killed: appends pairs of halves without end, two reports at a time, and prints the number of the last
 * pair as soon as it is acknowledged. Arguments: the database file, the number to begin at, and the start of pair 0 in epoch µs.
 */
const [path = '', first = '0', epoch = '0'] = process.argv.slice(2);
const clock = (): number => Date.now() * 1_000;
const store = await openStore({ path });
const bank = createReporter({ name: 'bank', port: 4611 });
const shop = createReporter({ name: 'shop' });

for (let pair = 0; ; pair++) {
  const connection = loopback(1_024 + (pair % 60_000), 4611);
  const start = Number(epoch) + pair * 1_000;
  const rows = {
    client: shop.called({ start, connection, ordinal: 0 }),
    server: bank.served({ start, connection, ordinal: 0 }),
  };
  if (pair < Number(first)) continue;
  await Promise.all([
    store.append(shop.report([rows.client], { sentAt: clock() }), shop.receipt(clock())),
    store.append(bank.report([rows.server], { sentAt: clock() }), bank.receipt(clock())),
  ]);
  process.stdout.write(`${pair}\n`);
}

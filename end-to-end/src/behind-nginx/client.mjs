import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import soap from 'soap';

// Calls through the proxy until it is stopped, each with a body of its own: `client.mjs <endpoint> <calls a second>`.
const [, , endpoint, rate] = process.argv;
const client = await soap.createClientAsync(fileURLToPath(new URL('bank.wsdl', import.meta.url)), { endpoint });
let isStopping = false;
process.on('SIGINT', () => {
  isStopping = true;
});
process.stdout.write('calling\n');
for (let call = 0; !isStopping; call++) {
  await client.getBalanceAsync({ account: `account-${call}` });
  await pause(1_000 / Number(rate));
}

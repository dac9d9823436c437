import { monitorSoap } from '@soa-monitor/interceptor';
import { readServiceSettings } from '../process/settings.ts';
import { startService } from '../process/start.ts';
import { onStop } from '../process/stop.ts';
import { bankContract } from '../soap/contract.ts';
import { serveWithSoap } from '../soap/serve-with-soap.ts';
import { openAccounts } from './accounts.ts';
import { bankOperations } from './bank-operations.ts';

monitorSoap({ name: 'bank', machine: 'meridian-bank' });

const { port, dataFolder } = readServiceSettings(process.argv.slice(2));
const listening = await startService('bank', port, async () => {
  const accounts = openAccounts(dataFolder);
  process.once('exit', () => accounts.close());
  return serveWithSoap(bankContract, bankOperations(accounts), port);
});
onStop(() => listening.close());

import { monitorSoap } from '@soa-monitor/interceptor';
import { profiles } from './profiles.ts';
import { runClient } from './run-client.ts';

monitorSoap({ name: 'web-shop', machine: 'travel-desk' });

await runClient(profiles.webShop, process.argv.slice(2));

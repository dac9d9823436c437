import { monitorSoap } from '@soa-monitor/interceptor';
import { profiles } from './profiles.ts';
import { runClient } from './run-client.ts';

monitorSoap({ name: 'call-centre', machine: 'travel-desk' });

await runClient(profiles.callCentre, process.argv.slice(2));

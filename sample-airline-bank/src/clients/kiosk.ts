import { monitorSoap } from '@soa-monitor/interceptor';
import { profiles } from './profiles.ts';
import { runClient } from './run-client.ts';

monitorSoap({ name: 'kiosk', machine: 'travel-desk' });

await runClient(profiles.kiosk, process.argv.slice(2));

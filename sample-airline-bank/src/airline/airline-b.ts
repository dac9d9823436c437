import { monitorSoap } from '@soa-monitor/interceptor';
import { runAirlineB } from './run-airline-b.ts';

monitorSoap({ name: 'airline-b', machine: 'borealis-air' });

await runAirlineB(process.argv.slice(2));

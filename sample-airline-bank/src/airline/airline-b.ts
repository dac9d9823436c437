import { monitorSoap } from '@soa-monitor/interceptor';
import { readServiceSettings } from '../process/settings.ts';
import { callWithStrongSoap } from '../soap/call-with-strong-soap.ts';
import { serveWithStrongSoap } from '../soap/serve-with-strong-soap.ts';
import { runAirline } from './run-airline.ts';
import { borealisTimetable } from './timetable.ts';

monitorSoap({ name: 'airline-b', machine: 'borealis-air' });

await runAirline(
  borealisTimetable,
  { serve: serveWithStrongSoap, call: callWithStrongSoap },
  readServiceSettings(process.argv.slice(2)),
);

import { monitorSoap } from '@soa-monitor/interceptor';
import { readServiceSettings } from '../process/settings.ts';
import { callWithSoap } from '../soap/call-with-soap.ts';
import { serveWithSoap } from '../soap/serve-with-soap.ts';
import { runAirline } from './run-airline.ts';
import { aquilaTimetable } from './timetable.ts';

monitorSoap({ name: 'airline-a', machine: 'aquila-air' });

await runAirline(
  aquilaTimetable,
  { serve: serveWithSoap, call: callWithSoap },
  readServiceSettings(process.argv.slice(2)),
);

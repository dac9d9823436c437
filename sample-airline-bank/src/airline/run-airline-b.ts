import { readServiceSettings } from '../process/settings.ts';
import { callWithStrongSoap } from '../soap/call-with-strong-soap.ts';
import { serveWithStrongSoap } from '../soap/serve-with-strong-soap.ts';
import { runAirline } from './run-airline.ts';
import { borealisTimetable } from './timetable.ts';

/** Airline B, watched or not. */
export const runAirlineB = (args: readonly string[]): Promise<void> =>
  runAirline(borealisTimetable, { serve: serveWithStrongSoap, call: callWithStrongSoap }, readServiceSettings(args));

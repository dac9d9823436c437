import { runAirlineB } from './run-airline-b.ts';

/** Airline B as it would be if nobody could change it: no interceptor in it. A proxy watches it, from before it. */
await runAirlineB(process.argv.slice(2));

import { monitorSoap } from './interceptor.ts';

// node --import @soa-monitor/interceptor/register service.js, with the settings in the environment.
monitorSoap();

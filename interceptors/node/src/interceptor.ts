import { createIdle, findOrStart } from './observe-process.ts';
import { type Interceptor, warnOnce } from './running.ts';
import { type InterceptorSettings, isPatching } from './settings.ts';
import { attempt } from './tap/guarded.ts';

export { soaMonitorMiddleware } from './explicit/middleware.ts';
export { monitorSoapClient } from './explicit/soap-client.ts';
export { monitorSoapRequests } from './explicit/soap-requests.ts';
export type { Interceptor, InterceptorSettings };

/**
 * Observes the SOAP servers and clients of this process and reports to the monitor. One line, before or after the service is
 * set up. It changes no byte, no header and no event; it never throws. Called again, it gives the interceptor that runs.
 * With `patch: false` it only reports what monitorSoapClient(), soaMonitorMiddleware() and monitorSoapRequests() observe.
 */
export function monitorSoap(settings: InterceptorSettings = {}): Interceptor {
  const running = findOrStart(settings);
  if (running === null) return createIdle();
  if (isPatching(settings ?? {}, process.env) && attempt(running.patch) !== true)
    warnOnce('node:http cannot be observed in this process: only what is observed explicitly is reported');
  return running;
}

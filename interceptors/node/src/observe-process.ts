import { findRunning, type Interceptor, keepRunning, type RunningInterceptor, warnOnce } from './running.ts';
import { type InterceptorSettings, resolveSettings } from './settings.ts';
import { startInterceptor } from './start-interceptor.ts';
import { attempt } from './tap/guarded.ts';

/** The interceptor of this process: the one that runs, else one begun with these settings. Null: nothing can be observed. */
export function findOrStart(settings: InterceptorSettings | null | undefined): RunningInterceptor | null {
  const given = settings ?? {};
  const running = findRunning();
  if (running !== null) {
    if (Object.keys(given).some((name) => name !== 'patch'))
      warnOnce('the interceptor runs already; the settings of this call are not used');
    return running;
  }
  const resolved = resolveSettings(given, process.env, process.argv[1]);
  const started = typeof resolved === 'string' ? undefined : attempt(() => startInterceptor(resolved));
  if (started !== undefined) return keepRunning(started);
  warnOnce(typeof resolved === 'string' ? resolved : 'this process cannot be observed: nothing is reported');
  return null;
}

/** What does nothing, where nothing can be observed. */
export function createIdle(): Interceptor {
  const none = { observed: 0, acknowledged: 0, refused: 0, inTransit: 0, queued: 0, noise: 0, pings: 0, failures: 0 };
  return { close: () => Promise.resolve(), counters: () => ({ ...none, dropped: {} }) };
}

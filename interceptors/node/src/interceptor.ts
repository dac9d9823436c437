import { startCore } from './core.ts';
import { findRunning, type Interceptor, keepRunning, warnOnce } from './running.ts';
import { type InterceptorSettings, type ResolvedSettings, resolveSettings } from './settings.ts';
import { stackName } from './stack-name.ts';
import { createCauses } from './tap/causes.ts';
import { tapClients } from './tap/client-tap.ts';
import { attempt } from './tap/guarded.ts';
import { tapMessages } from './tap/message-taps.ts';
import { tapServers } from './tap/server-tap.ts';

export type { Interceptor, InterceptorSettings };

/**
 * Observes the SOAP servers and clients of this process and reports to the monitor. One line, before or after the service is
 * set up. It changes no byte, no header and no event; it never throws. Called again, it gives the interceptor that runs.
 */
export function monitorSoap(settings: InterceptorSettings = {}): Interceptor {
  const running = findRunning();
  if (running !== null) {
    if (Object.keys(settings ?? {}).length > 0)
      warnOnce('monitorSoap() runs already; the settings of this call are not used');
    return running;
  }
  const resolved = resolveSettings(settings ?? {}, process.env, process.argv[1]);
  const started = typeof resolved === 'string' ? undefined : attempt(() => startInterceptor(resolved));
  if (started !== undefined) return keepRunning(started);
  warnOnce(
    typeof resolved === 'string' ? resolved : 'node:http cannot be observed in this process: nothing is observed',
  );
  return createIdle();
}

function createIdle(): Interceptor {
  const none = { observed: 0, acknowledged: 0, refused: 0, inTransit: 0, queued: 0, noise: 0, pings: 0, failures: 0 };
  return { close: () => Promise.resolve(), counters: () => ({ ...none, dropped: {} }) };
}

function startInterceptor(settings: ResolvedSettings): Interceptor {
  const core = startCore(settings, stackName());
  const { clock, observatory, guard, listeners, readContentType, isOwnAgent } = core;
  const causes = createCauses();
  const clientTap = tapClients({ clock, observatory, causes, guard, readContentType, isOwnAgent });
  const undos = [
    ...tapServers({ clock, observatory, causes, guard, listeners, readContentType, answerPing: core.pings.answer }),
    ...tapMessages({ clock, observatory, causes, guard, beginClient: clientTap.begin }),
    clientTap.undo,
    causes.disable,
  ];
  return {
    counters: core.counters,
    close: () => {
      for (const undo of undos.reverse()) undo();
      return core.close();
    },
  };
}

import { createRequire } from 'node:module';
import { type Core, resolveSettings, startCore } from '@soa-monitor/interceptor/core';
import { createInFlight } from './observe/in-flight.ts';
import { openRoute, type Route } from './route.ts';
import type { ProxySettings, ServiceSettings } from './settings.ts';

export type { ProxySettings, RouteSettings, ServiceSettings, Target, TlsFiles } from './settings.ts';

/** A proxy at work. */
export interface RunningProxy {
  /** The ports listened on, in the order of the routes. */
  readonly ports: readonly number[];
  /** Takes nothing new, lets what is in flight end, says goodbye to the monitor. */
  close(): Promise<void>;
}

/** Listens on all routes, or rejects with what is wrong and listens on none. */
export async function startProxy(
  settings: ProxySettings,
  environment: { readonly [name: string]: string | undefined } = process.env,
): Promise<RunningProxy> {
  const cores: Core[] = [];
  const routes: Route[] = [];
  const close = async (millis: number): Promise<void> => {
    await Promise.all(routes.map((route) => route.close(millis)));
    await Promise.all(cores.map((core) => core.close()));
  };
  try {
    for (const service of settings.services) {
      const core = startCore(resolved(settings, service, environment), stack());
      cores.push(core);
      const inFlight = createInFlight();
      for (const route of service.routes) routes.push(await openRoute(route, core, inFlight));
    }
  } catch (error) {
    await close(0);
    throw error;
  }
  return { ports: routes.map((route) => route.port), close: () => close(settings.drainMillis) };
}

function resolved(
  { monitor, key, spool, spoolBytesMax }: ProxySettings,
  { name, machine, advertise }: ServiceSettings,
  environment: { readonly [name: string]: string | undefined },
) {
  const settings = resolveSettings(
    { monitor, key, name, machine, advertise, spool, maxSpoolBytes: spoolBytesMax },
    environment,
    'soa-monitor-proxy',
  );
  if (typeof settings === 'string') throw new Error(settings);
  return settings;
}

function stack(): string {
  const manifest: unknown = createRequire(import.meta.url)('../package.json');
  const version: unknown =
    typeof manifest === 'object' && manifest !== null ? Reflect.get(manifest, 'version') : undefined;
  return `node ${process.versions.node}, soa-monitor-proxy ${String(version)}`;
}

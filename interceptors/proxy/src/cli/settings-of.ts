import type { ProxySettings, RouteSettings, ServiceSettings } from '../settings.ts';
import { type Given, merged, NOTHING_GIVEN } from './option-names.ts';
import { readListen, readTarget, splitOutbound } from './places.ts';
import { readTlsFiles } from './tls-files.ts';

/** Seconds; 0 where there is no limit. */
const DEFAULTS = { drain: 30, connect: 10, reply: 0, idle: 0, probe: 5, connections: 10_000 };
const DAY_SECONDS = 24 * 3_600;
const CONNECTIONS_MAX = 1_000_000;

type Environment = { readonly [name: string]: string | undefined };
type ReadFile = (path: string) => Buffer;

interface NamedRoute {
  readonly name: string | undefined;
  readonly machine: string | undefined;
  readonly advertise: string | undefined;
  readonly route: RouteSettings;
}

/** The settings that were meant, or throws an Error that says in one line what is wrong. */
export function settingsOf(given: Given, environment: Environment, readFile: ReadFile): ProxySettings {
  const monitor = given.texts.get('monitor') ?? environment.SOA_MONITOR_URL;
  if (monitor === undefined || monitor === '')
    throw new Error('say where the monitor is: --monitor http://monitor:4600 (or SOA_MONITOR_URL)');
  const own = given.texts.has('listen') || given.texts.has('target') || given.routes.length === 0;
  const general = { ...given, outbound: [] };
  const texts = new Map([...given.texts].filter(([name]) => name !== 'listen' && name !== 'target'));
  const routes = [
    ...(own ? routesOf({ ...general, outbound: given.outbound }, environment, readFile) : []),
    ...given.routes.flatMap((route) => routesOf(merged({ ...general, texts }, route), environment, readFile)),
  ];
  return {
    monitor,
    key: given.texts.get('key'),
    spool: given.texts.get('spool'),
    spoolBytesMax: spoolBytes(given.texts.get('max-spool')),
    services: byService(routes),
    drainMillis: seconds(given, 'drain', DEFAULTS.drain, 0),
  };
}

/** One route, and those for what its service calls. */
function routesOf(given: Given, environment: Environment, readFile: ReadFile): NamedRoute[] {
  const route = routeOf(given, environment, readFile);
  const outbound = given.outbound.map((text) => {
    const { listen, target } = splitOutbound(text);
    const texts = new Map([...given.texts, ['listen', listen], ['target', target], ['side', 'callee']] as const);
    for (const name of ['host', 'tls-cert', 'tls-key', 'tls-ca'] as const) texts.delete(name);
    texts.set('name', route.name ?? '');
    return routeOf({ ...NOTHING_GIVEN, texts, flags: given.flags }, environment, readFile);
  });
  return [route, ...outbound];
}

function routeOf(given: Given, environment: Environment, readFile: ReadFile): NamedRoute {
  const { texts, flags } = given;
  const listenText = texts.get('listen');
  const targetText = texts.get('target');
  if (listenText === undefined) throw new Error('say where to listen: --listen 8080 (see --help)');
  if (targetText === undefined) throw new Error('say where the service is: --target http://host:port (see --help)');
  const side = texts.get('side') ?? 'service';
  if (side !== 'service' && side !== 'callee') throw new Error(`side is service or callee, not ${side}`);
  const place = readTarget(targetText);
  const target = {
    ...place,
    tls: readTlsFiles(texts, ['target-cert', 'target-key', 'target-ca'], readFile),
    isInsecure: flags.has('target-insecure'),
  };
  const tls = readTlsFiles(texts, ['tls-cert', 'tls-key', 'tls-ca'], readFile);
  if ((tls.cert === null) !== (tls.key === null)) throw new Error('--tls-cert and --tls-key go together');
  if (tls.cert === null && tls.ca !== null)
    throw new Error('--tls-ca asks callers for certificates: it needs --tls-cert');
  // A caller of the proxy names the proxy; what it calls in truth wants to be called by its own name.
  const host = texts.get('host') ?? (side === 'callee' ? 'target' : 'keep');
  if (!/^[\w.:[\]-]{1,255}$/.test(host)) throw new Error(`--host is keep, target or a name, not ${host}`);
  return {
    name: texts.get('name') ?? (environment.SOA_MONITOR_NAME ? undefined : place.hostname),
    machine: texts.get('machine'),
    advertise: texts.get('advertise'),
    route: {
      side,
      listen: readListen(listenText),
      tls: tls.cert === null ? null : tls,
      target,
      host: host === 'keep' ? null : host === 'target' ? place.hostHeader : host,
      rewritesWsdl: flags.has('rewrite-wsdl'),
      probePath: probePath(texts.get('probe-path')),
      probeMillis: seconds(given, 'probe-interval', DEFAULTS.probe, 0.1),
      connectMillisMax: seconds(given, 'connect-timeout', DEFAULTS.connect, 0.01),
      replyMillisMax: seconds(given, 'reply-timeout', DEFAULTS.reply, 0),
      idleMillisMax: seconds(given, 'idle-timeout', DEFAULTS.idle, 0),
      connectionsMax: connections(texts.get('max-connections')),
    },
  };
}

/** Routes of one name on one machine are one reporter. */
function byService(routes: readonly NamedRoute[]): ServiceSettings[] {
  const services = new Map<string, ServiceSettings & { readonly routes: RouteSettings[] }>();
  for (const { name, machine, advertise, route } of routes) {
    const key = JSON.stringify([name, machine]);
    const known = services.get(key);
    if (known === undefined) services.set(key, { name, machine, advertise, routes: [route] });
    else known.routes.push(route);
  }
  return [...services.values()];
}

type Seconds = 'drain' | 'probe-interval' | 'connect-timeout' | 'reply-timeout' | 'idle-timeout';

/** In milliseconds. 0 switches off what may be off. */
function seconds({ texts }: Given, name: Seconds, fallback: number, min: number): number {
  const text = texts.get(name);
  if (text === undefined) return fallback * 1_000;
  const value = /^\d{1,6}(\.\d{1,3})?$/.test(text) ? Number(text) : Number.NaN;
  const mayBeOff = name === 'probe-interval';
  if ((value >= min && value <= DAY_SECONDS) || (mayBeOff && value === 0)) return Math.round(value * 1_000);
  throw new Error(`--${name} takes seconds from ${min} to ${DAY_SECONDS}, not ${text}`);
}

function connections(text: string | undefined): number {
  if (text === undefined) return DEFAULTS.connections;
  const value = /^\d{1,7}$/.test(text) ? Number(text) : 0;
  if (value >= 1 && value <= CONNECTIONS_MAX) return value;
  throw new Error(`--max-connections takes a number from 1 to ${CONNECTIONS_MAX}, not ${text}`);
}

/** Undefined: the interceptor's own default. */
function spoolBytes(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = /^\d{1,7}$/.test(text) ? Number(text) : 0;
  if (value >= 1) return value * 1024 * 1024;
  throw new Error(`--max-spool takes a number of MiB from 1, not ${text}`);
}

function probePath(text: string | undefined): string | null {
  if (text === undefined) return null;
  if (/^\/[\x21-\x7e]{0,1023}$/.test(text)) return text;
  throw new Error(`--probe-path takes a path such as /service?wsdl, not ${text}`);
}

/** Each of these may stand on the command line, at the top of the config file (for all routes) and in a route. */
export const ROUTE_TEXTS = [
  'listen',
  'target',
  'name',
  'machine',
  'advertise',
  'side',
  'host',
  'tls-cert',
  'tls-key',
  'tls-ca',
  'target-ca',
  'target-cert',
  'target-key',
  'probe-path',
  'probe-interval',
  'connect-timeout',
  'reply-timeout',
  'idle-timeout',
  'max-connections',
] as const;
export const ROUTE_FLAGS = ['target-insecure', 'rewrite-wsdl'] as const;
/** On the command line and at the top of the config file. */
export const GLOBAL_TEXTS = ['monitor', 'key', 'drain', 'spool', 'max-spool'] as const;

export type RouteText = (typeof ROUTE_TEXTS)[number];
export type RouteFlag = (typeof ROUTE_FLAGS)[number];
export type GlobalText = (typeof GLOBAL_TEXTS)[number];

/** Options as texts, from wherever they came. */
export interface Given {
  readonly texts: ReadonlyMap<RouteText | GlobalText, string>;
  readonly flags: ReadonlySet<RouteFlag>;
  /** Each `listen=target`. */
  readonly outbound: readonly string[];
  /** Of the config file. */
  readonly routes: readonly Given[];
}

export const NOTHING_GIVEN: Given = { texts: new Map(), flags: new Set(), outbound: [], routes: [] };

/** `own` weighs more. */
export const merged = (general: Given, own: Given): Given => ({
  texts: new Map([...general.texts, ...own.texts]),
  flags: new Set([...general.flags, ...own.flags]),
  outbound: own.outbound,
  routes: own.routes,
});

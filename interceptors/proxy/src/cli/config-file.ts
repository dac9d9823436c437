import { type Given, GLOBAL_TEXTS, ROUTE_FLAGS, ROUTE_TEXTS, type RouteFlag } from './option-names.ts';

const ROUTES_MAX = 1_000;

/** What a config file says, or throws an Error that says in one line what is wrong with it. */
export function readConfigFile(text: string, path: string): Given {
  const refuse = (why: string): never => {
    throw new Error(`the config file ${path} ${why}`);
  };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return refuse(`is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  return given(value, '', refuse);
}

function given(value: unknown, where: string, refuse: (why: string) => never): Given {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return refuse(where === '' ? 'is no JSON object' : `has no object at ${where}`);
  const isTop = where === '';
  const texts = new Map<(typeof ROUTE_TEXTS)[number] | (typeof GLOBAL_TEXTS)[number], string>();
  const flags = new Set<RouteFlag>();
  let outbound: string[] = [];
  let routes: Given[] = [];
  for (const [key, setting] of Object.entries(value) as [string, unknown][]) {
    const at = isTop ? key : `${where}.${key}`;
    const name = ROUTE_TEXTS.find((known) => known === key) ?? GLOBAL_TEXTS.find((known) => isTop && known === key);
    const flag = ROUTE_FLAGS.find((known) => known === key);
    if (name !== undefined) {
      if (typeof setting !== 'string' && typeof setting !== 'number') return refuse(`has no text or number for ${at}`);
      texts.set(name, String(setting));
    } else if (flag !== undefined) {
      if (typeof setting !== 'boolean') return refuse(`has neither true nor false for ${at}`);
      if (setting) flags.add(flag);
    } else if (key === 'outbound') {
      outbound = list(setting).map((item) =>
        typeof item === 'string' ? item : refuse(`has no "listen=target" in ${at}`),
      );
    } else if (isTop && key === 'routes') {
      const items = list(setting);
      if (items.length > ROUTES_MAX) return refuse(`has more than ${ROUTES_MAX} routes`);
      routes = items.map((item, index) => given(item, `routes[${index}]`, refuse));
    } else return refuse(`has an unknown name: ${at}`);
  }
  return { texts, flags, outbound, routes };
}

const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [value]);

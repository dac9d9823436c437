/** A node of the bench's estate. `groups`: the machine, then the server that contain it. */
export interface EstateNode {
  readonly id: string;
  readonly name: string;
  readonly kind: 'endpoint' | 'server' | 'client';
  readonly groups: readonly string[];
  readonly domain: number;
}

export interface EstateLink {
  readonly source: number;
  readonly target: number;
}

/**
 * An estate as a firm has one: domains of machines, machines of servers, servers of endpoints, clients beside them. Nodes are
 * what stands on the map at endpoint level; `containment` ties endpoints to the server that stands beside them.
 */
export interface GeneratedEstate {
  readonly nodes: readonly EstateNode[];
  readonly calls: readonly EstateLink[];
  readonly containment: readonly EstateLink[];
}

const SERVERS = 0.1;
const MACHINES = 0.02;
const CLIENTS = 0.04;
const NODES_PER_DOMAIN = 120;
const WITHIN_DOMAIN = 0.85;
const TO_NEIGHBOUR_DOMAIN = 0.1;
/** Endpoints that everybody calls: directories, identity, mail. */
const HUBS = 0.002;

export function generateEstate(count: number, calls: number, random: () => number): GeneratedEstate {
  const domains = Math.max(2, Math.round(count / NODES_PER_DOMAIN));
  const machines = Math.max(domains, Math.round(count * MACHINES));
  const servers = Math.max(machines, Math.round(count * SERVERS));
  const clients = Math.round(count * CLIENTS);
  const whole = (below: number): number => Math.floor(random() * below);
  const nodes: EstateNode[] = [];
  const containment: EstateLink[] = [];
  for (let server = 0; server < servers; server++) {
    const machine = server % machines;
    const groups = [`machine-${machine}`, `server-${server}`];
    nodes.push({
      id: `server-${server}`,
      name: `service-${server}`,
      kind: 'server',
      groups,
      domain: machine % domains,
    });
  }
  for (let index = 0; index < clients; index++) {
    const machine = whole(machines);
    const groups = [`machine-${machine}`];
    nodes.push({ id: `client-${index}`, name: `client-${index}`, kind: 'client', groups, domain: machine % domains });
  }
  while (nodes.length < count) {
    // A few servers have many endpoints, most have some.
    const server = Math.min(whole(servers), whole(servers));
    const { groups, domain } = nodes[server] ?? { groups: [], domain: 0 };
    containment.push({ source: nodes.length, target: server });
    const index = nodes.length;
    nodes.push({
      id: `endpoint-${index}`,
      name: `/v1/${WORDS[whole(WORDS.length)]}-${index}`,
      kind: 'endpoint',
      groups,
      domain,
    });
  }
  return { nodes, containment, calls: callsAmong(nodes, calls, domains, whole, random) };
}

const WORDS = [
  'accounts',
  'booking',
  'customer',
  'delivery',
  'invoice',
  'ledger',
  'orders',
  'payment',
  'quote',
  'stock',
];

function callsAmong(
  nodes: readonly EstateNode[],
  wanted: number,
  domains: number,
  whole: (below: number) => number,
  random: () => number,
): readonly EstateLink[] {
  const callees: number[][] = Array.from({ length: domains }, () => []);
  for (const [index, { kind, domain }] of nodes.entries()) if (kind === 'endpoint') callees[domain]?.push(index);
  const all = callees.flat();
  const hubs = Array.from({ length: Math.max(1, Math.round(nodes.length * HUBS)) }, () => all[whole(all.length)] ?? 0);
  const seen = new Set<number>();
  const calls: EstateLink[] = [];
  for (let tries = 0; calls.length < wanted && tries < wanted * 50; tries++) {
    // Each node calls once before any calls twice: nothing stands on the map that nobody uses.
    const source = calls.length < nodes.length && tries < nodes.length ? tries : whole(nodes.length);
    const domain = nodes[source]?.domain ?? 0;
    const where = random();
    const beside = (domain + (random() < 0.5 ? 1 : domains - 1)) % domains;
    const among =
      where < WITHIN_DOMAIN ? callees[domain] : where < WITHIN_DOMAIN + TO_NEIGHBOUR_DOMAIN ? callees[beside] : hubs;
    const target = among?.[whole(among.length)] ?? 0;
    const key = source * nodes.length + target;
    if (source === target || seen.has(key)) continue;
    seen.add(key);
    calls.push({ source, target });
  }
  return calls;
}

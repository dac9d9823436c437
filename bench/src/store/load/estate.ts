import { clientId, endpointId, linkId } from '@soa-monitor/protocol';
import { createRandom, type Random } from './random.ts';

/**
 * The estate that the load comes from: 40 services, 200 links, 800 (link, operation) pairs with zipf(0.9) weights. The
 * first of them serve nobody: transactions begin there. Each has a host of its own, with an address that no other host
 * has, so that connections tell which halves belong together.
 */
export interface Estate {
  readonly services: readonly Service[];
  readonly links: readonly BenchLink[];
  readonly pairs: readonly Pair[];
  /** A pair whose caller is this service, by weight; null when it calls nobody. */
  drawFrom(service: number, random: Random): Pair | null;
  drawRoot(random: Random): Pair;
}

export interface Service {
  readonly number: number;
  readonly name: string;
  readonly machine: string;
  readonly address: string;
  readonly path: string;
  readonly isCaller: boolean;
}

export interface BenchLink {
  readonly number: number;
  /** As the monitor calls it. */
  readonly id: string;
  readonly source: number;
  readonly target: number;
}

export interface Pair {
  readonly number: number;
  readonly link: BenchLink;
  readonly operation: string;
  readonly weight: number;
  /** Of the callee's own time. */
  readonly medianMicros: number;
  readonly requestBytes: number;
  readonly replyBytes: number;
}

const SERVICES = 40;
const CALLERS = 8;
const LINKS = 200;
const OPERATIONS_PER_LINK = 4;
const ZIPF = 0.9;
export const SERVICE_PORT = 8080;

/** Another size only for a map of so many: figures of stores are told for the usual one. */
export interface EstateSize {
  readonly services: number;
  readonly links: number;
}

const USUAL: EstateSize = { services: SERVICES, links: LINKS };

export function createEstate(seed: number, size: EstateSize = USUAL): Estate {
  const random = createRandom(seed);
  const services: Service[] = Array.from({ length: size.services }, (_, number) => ({
    number,
    name: `service-${number}`,
    machine: `machine-${number}`,
    address: `203.0.113.${number + 1}`,
    path: `/service-${number}`,
    isCaller: number < CALLERS,
  }));
  const links = drawLinks(services, size.links, random);
  const ranks = shuffled(links.length * OPERATIONS_PER_LINK, random);
  const pairs = ranks.flatMap((rank, number): Pair[] => {
    const link = links[Math.floor(number / OPERATIONS_PER_LINK)];
    if (link === undefined) return [];
    const operation = `operation${link.target}x${number % OPERATIONS_PER_LINK}`;
    const medianMicros = 500 * 2 ** random.below(6);
    const sizes = { requestBytes: 400 + random.below(2_000), replyBytes: 600 + random.below(6_000) };
    return [{ number, link, operation, weight: 1 / (rank + 1) ** ZIPF, medianMicros, ...sizes }];
  });
  const bySource = services.map(({ number }) => drawing(pairs.filter(({ link }) => link.source === number)));
  const roots = drawing(pairs.filter(({ link }) => link.source < CALLERS));
  return {
    ...{ services, links, pairs },
    drawFrom: (service, draws) => bySource[service]?.(draws) ?? null,
    drawRoot(draws) {
      const root = roots(draws);
      if (root === null) throw new Error('nobody calls anybody');
      return root;
    },
  };
}

/** Every service but the callers is called by somebody; no link twice, none to itself. */
function drawLinks(services: readonly Service[], count: number, random: Random): BenchLink[] {
  const links = new Map<string, BenchLink>();
  const add = (source: Service | undefined, target: Service | undefined): void => {
    if (source === undefined || target === undefined || source === target || target.isCaller) return;
    const from = source.isCaller
      ? clientId(source.machine, source.name)
      : endpointId(source.machine, source.name, source.path);
    const id = linkId(from, endpointId(target.machine, target.name, target.path));
    if (!links.has(id)) links.set(id, { number: links.size, id, source: source.number, target: target.number });
  };
  for (const target of services) add(services[target.number % CALLERS], target);
  const any = (): Service | undefined => services[random.below(services.length)];
  while (links.size < count) add(any(), any());
  return [...links.values()];
}

function shuffled(length: number, random: Random): number[] {
  const numbers = Array.from({ length }, (_, index) => index);
  for (let index = length - 1; index > 0; index--) {
    const other = random.below(index + 1);
    [numbers[index], numbers[other]] = [numbers[other] ?? 0, numbers[index] ?? 0];
  }
  return numbers;
}

/** Draws by weight in the logarithm of their number. */
function drawing(pairs: readonly Pair[]): (random: Random) => Pair | null {
  const sums: number[] = [];
  let sum = 0;
  for (const { weight } of pairs) {
    sum += weight;
    sums.push(sum);
  }
  return (random) => {
    const wanted = random.unit() * sum;
    let [low, high] = [0, sums.length - 1];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((sums[middle] ?? 0) > wanted) high = middle;
      else low = middle + 1;
    }
    return pairs[low] ?? null;
  };
}

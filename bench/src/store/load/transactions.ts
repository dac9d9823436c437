import type { Estate, Pair } from './estate.ts';
import type { Random } from './random.ts';

/** One exchange of the load, both sides: times in epoch µs and µs after the start of the side. */
export interface MadeExchange {
  readonly pair: Pair;
  /** In its transaction, the caller's exchange while it was served; null at the root. */
  readonly parent: number | null;
  readonly clientStart: number;
  readonly serverStart: number;
  /** What the callee took, its own calls included. */
  readonly serverMicros: number;
  readonly networkMicros: number;
  readonly isFault: boolean;
  /** A third of all bring WS-Addressing ids. */
  readonly messageId: string | null;
}

const EXCHANGES_MAX = 9;
const FAULT_SHARE = 0.015;
const ADDRESSING_SHARE = 1 / 3;
const NETWORK_MEDIAN_MICROS = 150;

/** The tree of exchanges that one call from outside causes: 1 to 9 of them, parents before their children. */
export function makeTransaction(estate: Estate, random: Random, start: number): MadeExchange[] {
  const size = 1 + random.below(EXCHANGES_MAX);
  const shape: { readonly pair: Pair; readonly parent: number | null; readonly children: number[] }[] = [
    { pair: estate.drawRoot(random), parent: null, children: [] },
  ];
  for (let made = 1; made < size; made++) {
    const parent = random.below(shape.length);
    const caller = shape[parent];
    const pair = caller === undefined ? null : estate.drawFrom(caller.pair.link.target, random);
    if (pair === null) continue;
    caller?.children.push(shape.length);
    shape.push({ pair, parent, children: [] });
  }

  const exchanges: MadeExchange[] = [];
  /** Places one exchange and, one after the other, those it causes. Gives when the caller has the reply. */
  const place = (index: number, clientStart: number): number => {
    const node = shape[index];
    if (node === undefined) return clientStart;
    const networkMicros = random.latency(NETWORK_MEDIAN_MICROS);
    const ownMicros = random.latency(node.pair.medianMicros);
    const serverStart = clientStart + networkMicros;
    let at = serverStart + Math.floor(ownMicros / 2);
    for (const child of node.children) at = place(child, at) + 10;
    const serverMicros = at - serverStart + Math.ceil(ownMicros / 2);
    exchanges[index] = {
      ...{ pair: node.pair, parent: node.parent, clientStart, serverStart, serverMicros, networkMicros },
      isFault: random.unit() < FAULT_SHARE,
      messageId: random.unit() < ADDRESSING_SHARE ? messageId(random) : null,
    };
    return serverStart + serverMicros + networkMicros;
  };
  place(0, start);
  return exchanges;
}

function messageId(random: Random): string {
  const hex = (digits: number): string =>
    random
      .below(16 ** digits)
      .toString(16)
      .padStart(digits, '0');
  return `urn:uuid:${hex(8)}-${hex(4)}-4${hex(3)}-a${hex(3)}-${hex(6)}${hex(6)}`;
}

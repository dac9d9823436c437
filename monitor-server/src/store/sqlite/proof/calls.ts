import type { Connection, Extras } from '@soa-monitor/protocol';
import type { Random } from '../../testing/random.ts';
import { type Actor, observeHalf, type Seen, type Site } from './world.ts';

/** What a call was, as the generator knows it. */
export interface Truth {
  readonly kind: 'direct' | 'proxied' | 'other';
  /** Its body is like no other within minutes. */
  readonly isDistinct: boolean;
  /** Both halves were reported, and (where it passed a proxy) both with a hash or a message id of its own. */
  readonly isTold: boolean;
}

export interface CallMaker {
  /** Makes one scenario begin at this true time: one call, or a few that look alike. */
  make(at: number): void;
  readonly truths: Truth[];
}

const PROXY_ADDRESS = 'esb.example:80';
const LOSS = 0.015;
const MIRRORED = 'mirrored';
const MILLI = 1_000;

export function createCallMaker(sites: readonly Site[], random: Random, epoch: number): CallMaker {
  const truths: Truth[] = [];
  const portsInUse = new Map<string, number>();
  const kept = new Map<string, { connection: Connection; ordinal: number; freeAt: number }>();
  let bodies = 0;
  let ids = 0;

  /** A connection from one address to another: one that is kept open, or a port that may have been used shortly before. */
  const connect = (who: string, client: string, server: string, from: number, to: number) => {
    const key = `${who} ${client} ${server}`;
    const tupleOf = (clientEnd: string): string => `${who} ${clientEnd} ${server}`;
    const open = kept.get(key);
    if (open !== undefined && open.freeAt < from && random.chance(0.6)) {
      open.freeAt = to;
      // No second connection has these ends before this request is done, however long ago the first one was.
      const tuple = tupleOf(open.connection.client);
      portsInUse.set(tuple, Math.max(portsInUse.get(tuple) ?? 0, to));
      // Noise and pings count too.
      open.ordinal += random.chance(0.2) ? 2 : 1;
      return { connection: open.connection, ordinal: open.ordinal };
    }
    // Mirrored ends are free in both sites at once: nobody else's calls use these ports.
    const lowest = who === MIRRORED ? 50_000 : 40_000;
    for (let tries = 0; ; tries++) {
      const port = lowest + random.between(0, 60) + tries;
      const tuple = tupleOf(`${client}:${port}`);
      if ((portsInUse.get(tuple) ?? 0) + 300 * MILLI > from) continue;
      portsInUse.set(tuple, to);
      const connection = { client: `${client}:${port}`, server };
      kept.set(key, { connection, ordinal: 0, freeAt: to });
      // While it is kept open its port is taken.
      portsInUse.set(tuple, to + (random.chance(0.5) ? 0 : 2_000 * MILLI));
      return { connection, ordinal: 0 };
    }
  };
  const messageId = (client: Actor): string | null => {
    const kind = random.unit();
    if (kind < 0.65) return null;
    if (kind < 0.85) return `urn:uuid:${++ids}`;
    return kind < 0.95 ? `urn:constant:${client.name}` : `urn:pool:${random.between(1, 20)}`;
  };
  const isLost = (): boolean => random.chance(LOSS);

  interface Shape {
    readonly operation: string;
    readonly requestBytes: number;
    readonly status: number;
    readonly outcome: 'ok' | 'fault' | 'httpError' | 'attempt';
    readonly duration: number;
    readonly id: string | null;
  }
  const shapeOf = (client: Actor, operation: string, requestBytes: number): Shape => {
    const isFault = random.chance(0.05);
    const duration = random.chance(0.02) ? random.between(1_100, 8_000) * MILLI : random.between(2, 120) * MILLI;
    return {
      ...{ operation, requestBytes, duration },
      ...(isFault ? ({ status: 500, outcome: 'fault' } as const) : ({ status: 200, outcome: 'ok' } as const)),
      id: messageId(client),
    };
  };
  const half = (call: number, role: Seen['role'], start: number, duration: number, shape: Shape, rest: Rest): Seen => ({
    ...{ call, role, start, operation: shape.operation, requestBytes: shape.requestBytes, messageId: shape.id },
    ...{ requestLast: 50, replyFirst: duration - 60, replyLast: duration },
    ...{ outcome: shape.outcome, status: shape.status, isLong: duration > 1_000 * MILLI, ...rest },
  });

  const direct = (
    client: Actor,
    service: Actor,
    at: number,
    shape: Shape,
    from: string,
    to: string,
    as?: ReturnType<typeof connect>,
  ): void => {
    const call = truths.length;
    const way = random.between(30, 900);
    const back = random.between(30, 900);
    const connected = as ?? connect(client.name, from, `${to}:${service.port}`, at, at + way + shape.duration + back);
    const isTranslated = client.host.isContainer !== service.host.isContainer;
    const rest = { ...connected, path: '/service', address: `${to}:${service.port}`, extras: null };
    const [clientLost, serverLost] = [isLost(), isLost()];
    observeHalf(client, half(call, 'client', at, way + shape.duration + back, shape, rest), epoch, clientLost);
    const seenByServer = isTranslated ? { ...rest, connection: translated(client, connected.connection) } : rest;
    observeHalf(service, half(call, 'server', at + way, shape.duration, shape, seenByServer), epoch, serverLost);
    const isTold = client.isReporting && service.isReporting && !clientLost && !serverLost;
    truths.push({ kind: isTranslated ? 'other' : 'direct', isDistinct: true, isTold });
  };

  interface Round {
    readonly status?: number;
    readonly outcome?: Shape['outcome'] | 'aborted';
    readonly attemptOf?: number;
    readonly attempts?: number;
    readonly isServed?: boolean;
    readonly kind?: Truth['kind'];
  }
  /** Through the proxy of its site, which nobody reports. Gives the time at which the client had done. */
  const proxied = (
    site: Site,
    client: Actor,
    at: number,
    given: Shape,
    body: string | null,
    round: Round = {},
  ): number => {
    const call = truths.length;
    const isDistinct = body === null;
    const hash = `body-${body ?? ++bodies}`;
    const service = random.pick(site.services);
    const status = round.status ?? given.status;
    const served: Shape = { ...given, status, outcome: status === 200 ? 'ok' : status === 500 ? 'fault' : 'httpError' };
    const [way, back] = [random.between(300, 4_000), random.between(300, 4_000)];
    const whole = way + given.duration + back;
    const proxy = site.name === 'a' ? '10.0.0.100' : '10.1.0.100';
    const outer = connect(client.name, client.host.address, `${proxy}:80`, at, at + whole);
    const inner = connect(`proxy ${site.name}`, proxy, `${service.host.address}:8080`, at + way, at + whole - back);
    const asked = client.wantsHashFor.has(PROXY_ADDRESS);
    const clientExtras: Extras = {
      ...(asked ? { bodyHash: hash } : {}),
      ...(round.attemptOf === undefined ? {} : { attemptOf: round.attemptOf }),
      ...(round.attempts === undefined ? {} : { attempts: round.attempts }),
    };
    const isAborted = round.outcome === 'aborted';
    const clientShape: Shape = { ...served, outcome: round.outcome === 'attempt' ? 'attempt' : served.outcome };
    const seen = half(call, 'client', at, isAborted ? Math.floor(whole / 2) : whole, clientShape, {
      ...outer,
      path: '/esb/service',
      address: PROXY_ADDRESS,
      extras: Object.keys(clientExtras).length === 0 ? null : clientExtras,
    });
    const [clientLost, serverLost] = [isLost(), isLost()];
    observeHalf(client, isAborted ? { ...seen, outcome: 'aborted', status: 0 } : seen, epoch, clientLost);
    if (round.isServed !== false) {
      const extras = service.wantsServedHash ? { bodyHash: hash } : null;
      const rest = { ...inner, path: '/service', address: '', extras };
      observeHalf(service, half(call, 'server', at + way, given.duration, served, rest), epoch, serverLost);
    }
    const isReported = client.isReporting && service.isReporting && !clientLost && !serverLost;
    const isTold = isReported && round.isServed !== false && asked && service.wantsServedHash;
    truths.push({ kind: round.kind ?? 'proxied', isDistinct, isTold });
    return at + seen.replyLast;
  };

  /** The same private addresses and ports in the two sites behind gateways, at the same moment, with the same message. */
  const mirrored = (at: number): void => {
    const [, b, c] = sites;
    const [from, to] = [random.between(0, 7), random.between(0, 7)];
    const [fromAddress, toAddress] = [b?.clients[from]?.host.address, b?.services[to]?.host.address];
    if (from === to || fromAddress === undefined || toAddress === undefined) return;
    const same = connect(MIRRORED, fromAddress, `${toAddress}:8080`, at, at + 8_100 * MILLI);
    for (const site of [b, c]) {
      const [client, service] = [site?.clients[from], site?.services[to]];
      if (client === undefined || service === undefined) continue;
      const shape = shapeOf(client, 'mirrored', 300);
      const moment = at + random.between(0, 30 * MILLI);
      direct(client, service, moment, shape, fromAddress, toAddress, same);
    }
  };
  const retried = (site: Site, client: Actor, at: number): void => {
    const shape = shapeOf(client, 'submit', random.between(200, 900));
    const body = `retried-${++bodies}`;
    const rounds = random.between(2, 3);
    let next = at;
    for (let round = 1; round < rounds; round++) {
      const status = random.pick([401, 503]);
      const last = client.exchangeNo + (rounds - round);
      const isServed = random.chance(0.5);
      const attempt = { status, outcome: 'attempt', attemptOf: last, isServed, kind: 'other' } as const;
      next = proxied(site, client, next, shape, body, attempt) + random.between(1, 100) * MILLI;
    }
    proxied(site, client, next, shape, body, { attempts: rounds, kind: 'other' });
  };
  const retransmitted = (site: Site, client: Actor, at: number): void => {
    const shape = shapeOf(client, 'submit', random.between(200, 900));
    const body = `again-${++bodies}`;
    const isServed = random.chance(0.5);
    const end = proxied(site, client, at, shape, body, { outcome: 'aborted', isServed, kind: 'other' });
    proxied(site, client, end + random.between(1, 300) * MILLI, shape, body, { kind: 'other' });
  };

  return {
    truths,
    make(at) {
      const kind = random.unit();
      const site = random.pick(sites);
      const client = random.pick(site.clients);
      if (kind < 0.2) {
        const service = site.services[site.clients.indexOf(client)] ?? random.pick(site.services);
        return direct(client, service, at, shapeOf(client, 'local', 300), '127.0.0.1', '127.0.0.1');
      }
      if (kind < 0.45) {
        const service = random.pick(site.services.filter(({ host }) => host !== client.host));
        const shape = shapeOf(client, 'far', random.between(200, 900));
        return direct(client, service, at, shape, client.host.address, service.host.address);
      }
      if (kind < 0.5) return mirrored(at);
      if (kind < 0.78) return void proxied(site, client, at, shapeOf(client, 'submit', random.between(200, 900)), null);
      if (kind < 0.79) return void proxied(site, client, at, shapeOf(client, 'poll', 250), null);
      if (kind < 0.87)
        return void proxied(site, client, at, shapeOf(client, 'poll', 250), `pool-${random.between(1, 40)}`);
      if (kind < 0.92) {
        // One body from several clients at once, which is never seen again.
        const body = `burst-${++bodies}`;
        for (let left = random.between(2, 5); left > 0; left--) {
          const caller = random.pick(site.clients);
          proxied(site, caller, at + random.between(0, 40) * MILLI, shapeOf(caller, 'poll', 250), body);
        }
        return undefined;
      }
      return kind < 0.97 ? retried(site, client, at) : retransmitted(site, client, at);
    },
  };
}

/** The client's end as it is seen behind its gateway. The port stays what it was: a misleading one. */
const translated = ({ host }: Actor, { client, server }: Connection): Connection => ({
  server,
  client: `${host.isContainer ? host.remoteAddress : '10.0.0.201'}:${client.slice(client.lastIndexOf(':') + 1)}`,
});

type Rest = Pick<Seen, 'path' | 'address' | 'extras' | 'connection' | 'ordinal'>;

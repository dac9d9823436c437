import type { Connection, Extras, Outcome, Report, ReportedRow } from '@soa-monitor/protocol';
import type { Receipt } from '../../store.ts';
import type { Random } from '../../testing/random.ts';

/** A machine of the generated world, with an address that other networks may have too, and a clock that is wrong. */
export interface Host {
  readonly id: string;
  readonly address: string;
  /** From where its reports come, as the monitor sees it. */
  readonly remoteAddress: string;
  /** Its address is seen on the bridge of its container host only; outside it is its gateway's. */
  readonly isContainer: boolean;
  skewMicros: number;
  readonly driftPerMicro: number;
}

export interface Site {
  readonly name: string;
  readonly services: readonly Actor[];
  readonly clients: readonly Actor[];
}

/** A process of the world: what it has seen and not reported yet, and what the monitor wishes it to hash. */
export interface Actor {
  readonly reporter: string;
  readonly name: string;
  readonly host: Host;
  /** 0: it listens nowhere. */
  readonly port: number;
  readonly isReporting: boolean;
  /** Rows by the true time from which they can be reported. */
  outbox: { readonly at: number; readonly row: ReportedRow }[];
  rowSeq: number;
  exchangeNo: number;
  wantsServedHash: boolean;
  wantsHashFor: ReadonlySet<string>;
  /** Of the call that each of its exchanges belongs to: the truth. */
  readonly callOf: number[];
}

const SKEWS_SECONDS = [0, 0, 0.02, -0.02, 0.3, -0.4, 4, -7, 90, -150, 240, -290];

/**
 * Three sites. In the first each host is seen under its own address; the other two have the very same private addresses and
 * are each seen under the one address of their gateway. A container host in each has the same bridge network as the others.
 */
export function createWorld(random: Random): readonly Site[] {
  const sites: Site[] = [];
  for (const [index, name] of ['a', 'b', 'c'].entries()) {
    const services: Actor[] = [];
    const clients: Actor[] = [];
    const prefix = index === 0 ? '10.0.0' : '10.1.0';
    for (let number = 1; number <= 10; number++) {
      const isContainer = number > 8;
      const address = isContainer ? `172.17.0.${number}` : `${prefix}.${number}`;
      const gateway = index === 0 ? `10.0.0.${isContainer ? 200 : number}` : `198.51.100.${index}`;
      const host: Host = {
        id: `host-${name}-${number}`,
        address,
        remoteAddress: gateway,
        isContainer,
        skewMicros: Math.round((random.pick(SKEWS_SECONDS) + 0.01 * random.unit()) * 1e6),
        driftPerMicro: (random.unit() - 0.5) * 60e-6,
      };
      // Every host has a service and a client on the same ports as every other.
      services.push(createActor(`service-${name}-${number}`, host, 8080, number % 5 !== 0));
      clients.push(createActor(`client-${name}-${number}`, host, 0, number % 4 !== 0));
    }
    sites.push({ name, services, clients });
  }
  return sites;
}

function createActor(name: string, host: Host, port: number, isReporting: boolean): Actor {
  return {
    reporter: `${name}-0123456789abcdef`,
    ...{ name, host, port, isReporting },
    outbox: [],
    rowSeq: 0,
    exchangeNo: 0,
    wantsServedHash: false,
    wantsHashFor: new Set(),
    callOf: [],
  };
}

/** What the clock of a host shows at a true time. */
export const clockOf = ({ skewMicros, driftPerMicro }: Host, at: number, epoch: number): number =>
  Math.round(at + skewMicros + driftPerMicro * (at - epoch));

/** One half as it will be reported. Times are true; the row has them by the clock of its host. */
export interface Seen {
  readonly call: number;
  readonly role: 'client' | 'server';
  readonly start: number;
  readonly requestLast: number;
  readonly replyFirst: number;
  readonly replyLast: number;
  readonly path: string;
  readonly operation: string;
  readonly address: string;
  readonly requestBytes: number;
  readonly outcome: Outcome;
  readonly status: number;
  readonly connection: Connection | null;
  readonly ordinal: number;
  readonly messageId: string | null;
  readonly extras: Extras | null;
  readonly isLong: boolean;
}

/** Adds the rows of a half to the actor's outbox; gives its exchangeNo. A half that is lost was seen by nobody. */
export function observeHalf(actor: Actor, seen: Seen, epoch: number, isLost: boolean): number {
  const exchangeNo = actor.exchangeNo++;
  actor.callOf[exchangeNo] = seen.call;
  const isClient = seen.role === 'client';
  const hasReply = seen.status !== 0;
  const whole: Omit<ReportedRow, 'rowSeq'> = {
    exchangeNo,
    part: 'whole',
    call: {
      ...(isClient ? { address: seen.address } : {}),
      path: seen.path,
      operation: { namespace: 'urn:proof', name: seen.operation },
    },
    role: seen.role,
    parentNo: null,
    start: clockOf(actor.host, seen.start, epoch),
    requestLast: seen.requestLast,
    replyFirst: hasReply ? seen.replyFirst : null,
    replyLast: hasReply ? seen.replyLast : null,
    end: seen.replyLast + 20,
    requestBytes: seen.requestBytes,
    replyBytes: hasReply ? 400 : 0,
    outcome: seen.outcome,
    status: seen.status,
    fault: null,
    connection: seen.connection,
    ordinal: seen.connection === null ? null : seen.ordinal,
    ids: seen.messageId === null ? null : { messageId: seen.messageId },
    extras: seen.extras,
  };
  const put = (row: Omit<ReportedRow, 'rowSeq'>, at: number): void => {
    if (!isLost && actor.isReporting) actor.outbox.push({ at, row: { ...row, rowSeq: actor.rowSeq++ } });
  };
  if (seen.isLong) {
    const open = { part: 'open', replyFirst: null, replyLast: null, end: null, outcome: null } as const;
    put({ ...whole, ...open, status: 0, replyBytes: 0, extras: null }, seen.start + 1_000_000);
    put({ ...whole, part: 'close' }, seen.start + seen.replyLast + 20);
  } else put(whole, seen.start + seen.replyLast + 20);
  return exchangeNo;
}

export function reportOf(actor: Actor, rows: readonly ReportedRow[], at: number, epoch: number): Report {
  const { reporter, name, host, port } = actor;
  const none = { acknowledged: 0, refused: 0, inTransit: rows.length, queued: 0, noise: 0, pings: 0, failures: 0 };
  return {
    header: {
      ...{ reporter, name, machine: host.id, hostId: host.id, pid: 1, stack: 'generated', advertised: null },
      listeners: port === 0 ? [] : [{ address: '0.0.0.0', port, tls: false }],
      sentAt: clockOf(host, at, epoch),
      closing: false,
      counters: { observed: rows.length, ...none, dropped: {} },
    },
    rows,
  };
}

export const receiptOf = ({ host }: Actor, receivedAt: number): Receipt => ({
  receivedAt,
  remoteAddress: host.remoteAddress,
});

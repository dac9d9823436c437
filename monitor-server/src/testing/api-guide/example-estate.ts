import type { Connection, WireReport, WireRow } from '@soa-monitor/protocol';

/** The noon of the examples, epoch µs: 2026-11-22 12:00:00 UTC. */
export const NOON = Date.UTC(2026, 10, 22, 12) * 1_000;

/** Reports of a shop that books at a bank, which asks an airline. The last booking but one ends in a fault. */
export const exampleReports = (): readonly WireReport[] => [
  reportOf('shop', null, (index) => [row(index, CALLED, { after: 0, took: 30_000, isFault: isFault(index) })]),
  reportOf('bank', '10.0.0.2:4611', (index) => [
    row(2 * index, SERVED, { after: 400, took: 29_000, isFault: isFault(index) }),
    row(2 * index + 1, CALLED, { after: 2_000, took: 20_000, call: 1, parent: 2 * index }),
  ]),
  reportOf('airline', '10.0.0.3:4612', (index) => [row(index, SERVED, { after: 2_300, took: 19_000 })]),
];

const BOOKINGS = 6;
const APART_MICROS = 10_000_000;
const [SERVED, CALLED] = [0, 1] as const;
const [OK, FAULT] = [7, 4];
const isFault = (index: number): boolean => index === BOOKINGS - 2;

interface Told {
  readonly exchangeNo: number;
  readonly role: 0 | 1;
  readonly after: number;
  readonly took: number;
  readonly call?: number;
  readonly parent?: number;
  readonly isFault?: boolean;
}

const row = (exchangeNo: number, role: 0 | 1, more: Omit<Told, 'exchangeNo' | 'role'>): Told => ({
  exchangeNo,
  role,
  ...more,
});

function reportOf(name: string, advertised: string | null, happen: (booking: number) => readonly Told[]): WireReport {
  const connections: Connection[] = [];
  const rows = Array.from({ length: BOOKINGS }, (_, booking) =>
    happen(booking).map((told): WireRow => {
      const { exchangeNo, role, after, took, call = 0, parent = null, isFault = false } = told;
      const start = NOON - (BOOKINGS - booking) * APART_MICROS + after;
      const server = (role === SERVED ? advertised : (CALLS[name]?.[call]?.address ?? null)) ?? '';
      connections.push({ server, client: `10.0.0.${server.endsWith('4611') ? 1 : 2}:${50_000 + booking}` });
      return [
        ...([exchangeNo, exchangeNo, 0, call, role, parent, start] as const),
        ...([50, took - 100, took - 10, took, 480, isFault ? 310 : 655] as const),
        ...([isFault ? FAULT : OK, isFault ? 500 : 200, isFault ? 0 : null, connections.length - 1, 0, null] as const),
      ];
    }),
  ).flat();
  return {
    ...{
      version: 1,
      reporter: `${name}-0123456789abcdef`,
      name,
      machine: `${name}-host`,
      hostId: `${name}-boot`,
      pid: 1,
    },
    stack: 'node 20.20.0; interceptor 0.1.0',
    listeners: advertised === null ? [] : [{ address: '0.0.0.0', port: Number(advertised.split(':')[1]), tls: false }],
    ...(advertised === null ? {} : { advertised }),
    sentAt: NOON,
    counters: {
      ...{ observed: rows.length, acknowledged: 0, refused: 0, inTransit: rows.length, queued: 0, dropped: {} },
      ...{ noise: 0, pings: 0, failures: 0 },
    },
    calls: CALLS[name] ?? [],
    faults: [{ code: 'soap:Server', reason: 'no money on this account' }],
    connections,
    rows,
  };
}

const BANK = { path: '/bank', operation: { namespace: 'urn:example:bank', name: 'bookFlight' } };
const AIRLINE = { path: '/seats', operation: { namespace: 'urn:example:airline', name: 'holdSeat' } };
const CALLS: { readonly [name: string]: WireReport['calls'] } = {
  shop: [{ ...BANK, address: '10.0.0.2:4611' }],
  bank: [BANK, { ...AIRLINE, address: '10.0.0.3:4612' }],
  airline: [AIRLINE],
};

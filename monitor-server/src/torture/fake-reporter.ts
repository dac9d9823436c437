import type { Connection, WireReport, WireRow } from '@soa-monitor/protocol';

/** A row before it has its place in a report: the connection is named, not pointed at. */
export interface FakeRow {
  readonly rowSeq: number;
  readonly exchangeNo: number;
  readonly part: 'whole' | 'open' | 'close';
  readonly role: 'server' | 'client';
  /** Epoch µs by the reporter's clock. */
  readonly start: number;
  readonly durationMicros: number | null;
  /** Also what tells the exchange from all others when it is read back. */
  readonly requestBytes: number;
  readonly outcome: number | null;
  readonly connection: Connection;
  /** Called at an address that nobody reports: no other half is waited for. */
  readonly isOutside: boolean;
}

/** An interceptor as the wire shows it: numbers its rows, keeps what is not acknowledged, sends it again, counts. */
export interface FakeReporter {
  readonly id: string;
  add(row: Omit<FakeRow, 'rowSeq'>): void;
  readonly backlog: number;
  readonly observed: number;
  /** Observed and not lost. */
  readonly sendable: number;
  readonly acknowledged: ReadonlySet<number>;
  /**
   * Sends one report of at most so many rows, some of them once more although they were acknowledged. The status of the
   * answer; 0 when there was none.
   */
  send(url: string, rowsMax: number, again?: readonly FakeRow[]): Promise<Sent>;
  /** Rows that were acknowledged: to be sent once more. */
  sentBefore(count: number): readonly FakeRow[];
  /** Whether it keeps its rows to itself. */
  hold(isHeld: boolean): void;
  readonly isHeld: boolean;
  readonly isSending: boolean;
  /** Loses the rows that it has not sent, and says so. Gives them. */
  lose(): readonly FakeRow[];
  /** Puts the backlog in another order. */
  shuffle(order: (rows: FakeRow[]) => void): void;
}

export interface Sent {
  readonly status: number;
  readonly retryAfter: string | null;
}

export interface FakeReporterSettings {
  readonly id: string;
  readonly name: string;
  readonly key: string;
  readonly listens: number | null;
  readonly hostId?: string;
  readonly machine?: string;
  /** Epoch µs. */
  readonly clock: () => number;
}

const TIMEOUT_MILLIS = 10_000;
const KEPT_MAX = 200;

export function createFakeReporter(settings: FakeReporterSettings): FakeReporter {
  const { id, name, key, listens, hostId = 'torture-host', machine = 'torture', clock } = settings;
  const backlog: FakeRow[] = [];
  const acknowledged = new Set<number>();
  const kept: FakeRow[] = [];
  let observed = 0;
  let lost = 0;
  let isHeld = false;
  let isSending = false;

  function reportOf(rows: readonly FakeRow[]): WireReport {
    const fresh = rows.filter(({ rowSeq }) => !acknowledged.has(rowSeq)).length;
    const connections: Connection[] = [];
    return {
      ...{ version: 1, reporter: id, name, machine, hostId, pid: 1, stack: 'torture' },
      listeners: listens === null ? [] : [{ address: '127.0.0.1', port: listens, tls: false }],
      sentAt: clock(),
      counters: {
        ...{ observed, acknowledged: acknowledged.size, refused: 0, inTransit: fresh },
        queued: observed - acknowledged.size - fresh - lost,
        ...{ dropped: { queueFull: lost }, noise: 0, pings: 0, failures: 0 },
      },
      calls: [
        { path: '/bank', operation: { namespace: 'urn:bank', name: 'balance' }, soapVersion: '1.1' },
        {
          ...{ address: `127.0.0.1:${BANK_PORT}`, path: '/bank', soapVersion: '1.1' },
          operation: { namespace: 'urn:bank', name: 'balance' },
        },
        {
          ...{ address: `127.0.0.1:${OUTSIDE_PORT}`, path: '/outside', soapVersion: '1.1' },
          operation: { namespace: 'urn:outside', name: 'rate' },
        },
      ],
      faults: [{ code: 'soap:Server', reason: 'no money' }],
      rows: rows.map((row) => wireRow(row, connections.push(row.connection) - 1)),
      connections,
    };
  }

  return {
    id,
    get backlog() {
      return backlog.length;
    },
    get observed() {
      return observed;
    },
    get sendable() {
      return observed - lost;
    },
    acknowledged,
    add: (row) => void backlog.push({ ...row, rowSeq: observed++ }),
    shuffle: (order) => order(backlog),
    hold(held) {
      isHeld = held;
    },
    get isSending() {
      return isSending;
    },
    get isHeld() {
      return isHeld;
    },
    lose() {
      lost += backlog.length;
      return backlog.splice(0);
    },
    sentBefore: (count) => kept.slice(-count),
    async send(url, rowsMax, again = []) {
      const rows = backlog.slice(0, rowsMax);
      isSending = true;
      const answer = await fetch(`${url}/api/v1/reports`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${key}` },
        body: JSON.stringify(reportOf([...again, ...rows])),
        signal: AbortSignal.timeout(TIMEOUT_MILLIS),
      }).catch(() => null);
      // A kill may cut the body off behind the status: the status alone is the answer.
      await answer?.arrayBuffer().catch(() => null);
      isSending = false;
      if (answer?.status === 202) {
        for (const { rowSeq } of rows) acknowledged.add(rowSeq);
        const sent = new Set(rows);
        const left = backlog.filter((row) => !sent.has(row));
        backlog.splice(0, backlog.length, ...left);
        kept.push(...rows);
        kept.splice(0, Math.max(0, kept.length - KEPT_MAX));
      }
      return { status: answer?.status ?? 0, retryAfter: answer?.headers.get('retry-after') ?? null };
    },
  };
}

/** Where the bank of the torture's estate listens. */
export const BANK_PORT = 4611;
export const OUTSIDE_PORT = 4999;
const PARTS = { whole: 0, open: 1, close: 2 } as const;

const wireRow = (row: FakeRow, connection: number): WireRow => {
  const { durationMicros: end, outcome, role } = row;
  const replied = end !== null && outcome !== 0 ? end : null;
  return [
    ...([row.rowSeq, row.exchangeNo, PARTS[row.part]] as const),
    ...([role === 'server' ? 0 : row.isOutside ? 2 : 1, role === 'client' ? 1 : 0, null, row.start] as const),
    ...([0, replied, replied, end, row.requestBytes, replied === null ? 0 : 500, outcome] as const),
    ...([replied === null ? 0 : outcome === FAULT ? 500 : 200, outcome === FAULT ? 0 : null] as const),
    ...([connection, 0, null] as const),
  ];
};

export const FAULT = 4;
export const OK = 7;

import type { FromSchema } from './schema.ts';

/**
 * The feed: what the picture is made of, live (in commit order) and replayed (in time order). Every item is a whole,
 * absolute value with the `version` (the store's commitSeq) at which it was true; the highest version of a key wins. So a
 * model gives the same picture for any order and any repetition. Times are epoch µs in key time.
 */
const id = { type: 'string', maxLength: 64 } as const;
const time = { type: 'integer', minimum: 0 } as const;
const timeOrNull = { anyOf: [time, { type: 'null' }] } as const;
const count = { type: 'integer', minimum: 0 } as const;

/** The states of today. An open union: a viewer shows a state it does not know by its word. */
export const STATES = ['unknown', 'up', 'suspect', 'degraded', 'down', 'blind', 'maintenance'] as const;

export const stateSchema = {
  type: 'object',
  properties: {
    state: { type: 'string', maxLength: 32, description: 'unknown, up, suspect, degraded, down, blind, … (open)' },
    since: time,
    reason: { type: 'string' },
  },
  required: ['state', 'since', 'reason'],
  additionalProperties: false,
} as const;

export const nodeSchema = {
  type: 'object',
  properties: {
    id,
    kind: { enum: ['machine', 'server', 'endpoint', 'client', 'outside'] },
    name: { type: 'string', description: 'machine or server name, path of an endpoint, IP of an unreported caller' },
    parent: { anyOf: [id, { type: 'null' }], description: "An endpoint's server; a server's or client's machine" },
    address: { anyOf: [{ type: 'string' }, { type: 'null' }], description: 'host:port, where there is one' },
    monitored: { type: 'boolean', description: 'Whether an interceptor reports it' },
    state: { anyOf: [stateSchema, { type: 'null' }], description: 'Clients and the outside world have none' },
    firstSeen: time,
    lastSeen: time,
  },
  required: ['id', 'kind', 'name', 'parent', 'address', 'monitored', 'state', 'firstSeen', 'lastSeen'],
  additionalProperties: false,
} as const;

export const linkSchema = {
  type: 'object',
  description: 'A directed edge at endpoint level; other levels are folded from it.',
  properties: { id, source: id, target: id },
  required: ['id', 'source', 'target'],
  additionalProperties: false,
} as const;

export const stateChangeSchema = {
  type: 'object',
  properties: { version: count, node: id, at: time, state: { type: 'string' }, reason: { type: 'string' } },
  required: ['version', 'node', 'at', 'state', 'reason'],
  additionalProperties: false,
} as const;

export const exchangeTupleSchema = {
  type: 'array',
  prefixItems: [
    { ...id, description: '0 exchange id' },
    { ...count, description: '1 version' },
    { ...id, description: '2 link id' },
    { type: 'string', description: "3 operation's local name; empty when unknown" },
    { anyOf: [{ type: 'integer' }, { type: 'null' }], description: '4 outcome code; null while in flight' },
    { ...timeOrNull, description: '5 request sent (client), null when only the server was seen' },
    { ...timeOrNull, description: '6 request received (server)' },
    { ...timeOrNull, description: '7 reply sent (server)' },
    { ...timeOrNull, description: '8 reply received (client)' },
    { anyOf: [count, { type: 'null' }], description: '9 duration in µs; null while in flight' },
  ],
  items: false,
  minItems: 10,
} as const;

export const cellTupleSchema = {
  type: 'array',
  description: 'Exact counts of the exchanges of one link that began in one second and have ended. Never sampled.',
  prefixItems: [
    { ...id, description: '0 link id' },
    { ...count, description: '1 second, epoch seconds' },
    { ...count, description: '2 version' },
    { ...count, description: '3 exchanges that have ended' },
    { ...count, description: '4 of them faults' },
    { ...count, description: '5 of them errors' },
    { ...count, description: '6 request bytes' },
    { ...count, description: '7 reply bytes' },
    { type: 'array', items: { type: 'integer' }, description: '8 latency histogram: bucket, count, bucket, count …' },
  ],
  items: false,
  minItems: 9,
} as const;

/** Reporters that an accounting names, and reasons that it tells apart; what is beyond is in the sums all the same. */
export const ACCOUNTING_LIMITS = { reporters: 100, reasons: 32 } as const;

const dropsSchema = {
  type: 'object',
  additionalProperties: count,
  maxProperties: ACCOUNTING_LIMITS.reasons,
  description: 'Rows by the reason for which they were dropped',
} as const;

/** What became of the rows of one reporter. */
export const reporterAccountSchema = {
  type: 'object',
  properties: {
    reporter: id,
    node: { ...id, description: 'The server or client that it is on the map' },
    name: { type: 'string' },
    machine: { type: 'string' },
    life: { enum: ['reporting', 'silent', 'closed'], description: 'closed: it said goodbye; silent: it went without' },
    lastReportAt: time,
    observed: count,
    acknowledged: count,
    refused: count,
    dropped: dropsSchema,
    gaps: { ...count, description: 'Rows that it had when it fell silent or said goodbye, and that never came' },
    difference: count,
  },
  required: [
    'reporter',
    'node',
    'name',
    'machine',
    'life',
    'lastReportAt',
    'observed',
    'acknowledged',
    'refused',
    'dropped',
    'gaps',
    'difference',
  ],
  additionalProperties: false,
} as const;

export const accountingSchema = {
  type: 'object',
  description:
    'Counts of rows over all reporters since each began. difference is observed − (acknowledged + refused + inTransit + queued + dropped) plus acknowledged − (stored + expired); anything but 0 is an alarm. gaps are those of inTransit and queued that will not come any more, unless from a spool.',
  properties: {
    observed: count,
    acknowledged: count,
    refused: count,
    inTransit: count,
    queued: count,
    dropped: count,
    stored: count,
    expired: count,
    difference: { type: 'integer' },
    droppedByReason: dropsSchema,
    gaps: count,
    reporters: {
      type: 'array',
      items: reporterAccountSchema,
      maxItems: ACCOUNTING_LIMITS.reporters,
      description: 'Those with drops, gaps, refused rows or a difference, the most first',
    },
  },
  required: [
    'observed',
    'acknowledged',
    'refused',
    'inTransit',
    'queued',
    'dropped',
    'stored',
    'expired',
    'difference',
    'droppedByReason',
    'gaps',
    'reporters',
  ],
  additionalProperties: false,
} as const;

const feedProperties = {
  nodes: { type: 'array', items: nodeSchema },
  links: { type: 'array', items: linkSchema },
  states: { type: 'array', items: stateChangeSchema },
  exchanges: { type: 'array', items: exchangeTupleSchema },
  cells: { type: 'array', items: cellTupleSchema },
  gone: {
    type: 'array',
    items: {
      type: 'object',
      properties: { id, version: count },
      required: ['id', 'version'],
      additionalProperties: false,
    },
    description: 'Exchanges that a later join merged into another one',
  },
} as const;

export const feedSchema = {
  type: 'object',
  properties: feedProperties,
  required: ['nodes', 'links', 'states', 'exchanges', 'cells', 'gone'],
  additionalProperties: true,
} as const;

/** `snapshot` and `delta` of the socket.io namespace /live. A snapshot replaces all; its deltaSeq is where deltas go on. */
export const deltaSchema = {
  type: 'object',
  properties: {
    epoch: { type: 'string', description: 'Changes when the server restarts: earlier deltaSeqs mean nothing then' },
    deltaSeq: { ...count, description: 'Rises by one per delta; a gap means a resynchronisation' },
    sentAt: { ...time, description: "Server's clock" },
    sample: { type: 'integer', minimum: 1, description: 'k: the exchanges are the 1 in k of isSampled(id, k)' },
    accounting: { anyOf: [accountingSchema, { type: 'null' }], description: 'null: as last told' },
    ...feedProperties,
  },
  required: [
    'epoch',
    'deltaSeq',
    'sentAt',
    'sample',
    'accounting',
    'nodes',
    'links',
    'states',
    'exchanges',
    'cells',
    'gone',
  ],
  additionalProperties: true,
} as const;

export type FeedItems = FromSchema<typeof feedSchema>;
export type Delta = FromSchema<typeof deltaSchema>;
export type Node = FromSchema<typeof nodeSchema>;
export type NodeState = FromSchema<typeof stateSchema>;
export type Link = FromSchema<typeof linkSchema>;
export type StateChange = FromSchema<typeof stateChangeSchema>;
export type ExchangeTuple = FromSchema<typeof exchangeTupleSchema>;
export type CellTuple = FromSchema<typeof cellTupleSchema>;
export type Accounting = FromSchema<typeof accountingSchema>;
export type ReporterAccount = FromSchema<typeof reporterAccountSchema>;

/**
 * What a viewer may send on /live. `watch` begins (or, with epoch and deltaSeq, resumes) the stream; its answer comes as
 * `snapshot` or as the missed `delta`s. `clock` is answered by its acknowledgement: the server's epoch µs.
 */
export interface WatchRequest {
  readonly epoch?: string;
  readonly deltaSeq?: number;
  /** k of the sampling wanted; the server may raise it. */
  readonly sample?: number;
}

export interface LiveServerEvents {
  readonly snapshot: (snapshot: Delta) => void;
  readonly delta: (delta: Delta) => void;
  /** A view was changed by somebody. */
  readonly view: (id: string) => void;
}

export interface LiveClientEvents {
  readonly watch: (request: WatchRequest) => void;
  readonly clock: (answer: (serverMicros: number) => void) => void;
}

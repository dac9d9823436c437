import type { FromSchema } from './schema.ts';

/**
 * The report: a bounded batch of observation rows from one reporter (design, section 4). `calls`, `faults` and
 * `connections` are dictionaries that the rows point into by index, so that what repeats is said once.
 * Times are epoch microseconds by the reporter's clock; offsets are microseconds after the row's start, by its monotonic clock.
 */
export const REPORT_VERSION = 1;

/** Bounds that both ends keep. A report over one of the list bounds is refused whole; a text over its bound refuses its row. */
export const REPORT_LIMITS = {
  bytes: 8 * 1024 * 1024,
  rows: 10_000,
  calls: 10_000,
  faults: 10_000,
  connections: 10_000,
  listeners: 64,
  dropReasons: 32,
  name: 128,
  address: 256,
  path: 1_024,
  operationName: 256,
  namespace: 1_024,
  action: 1_024,
  faultText: 1_024,
  messageId: 512,
  subcodes: 8,
  /** Parts of a multipart message that are named; the others are only counted. */
  attachments: 16,
  /** Characters of one captured body. */
  bodyText: 65_536,
  /** 7 days: no exchange lasts longer. */
  offsetMicros: 7 * 24 * 3_600 * 1_000_000,
  /** 2200-01-01. A time after it is no time. */
  timeMicros: 7_258_118_400_000_000,
} as const;

/** The part of an observation that a row brings. `open` and `close` carry the same start and complete one record. */
export const ROW_PARTS = ['whole', 'open', 'close'] as const;
export type RowPart = (typeof ROW_PARTS)[number];

/** Whose side of the exchange was observed. */
export const ROLES = ['server', 'client'] as const;
export type Role = (typeof ROLES)[number];

const count = { type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER } as const;
const offset = { type: 'integer', minimum: 0, maximum: REPORT_LIMITS.offsetMicros } as const;
const orNull = <const S>(schema: S) => ({ anyOf: [schema, { type: 'null' }] }) as const;
const text = <const N extends number>(maxLength: N) => ({ type: 'string', maxLength }) as const;
const reporterId = {
  type: 'string',
  pattern: '^[A-Za-z0-9_-]{16,64}$',
  description: 'Random per process start.',
} as const;

export const callSchema = {
  type: 'object',
  description: 'A distinct target, operation and action.',
  properties: {
    address: { ...text(REPORT_LIMITS.address), description: 'host:port as called (role client only)' },
    path: { ...text(REPORT_LIMITS.path), description: 'Path without query' },
    operation: {
      ...orNull({
        type: 'object',
        properties: { namespace: text(REPORT_LIMITS.namespace), name: text(REPORT_LIMITS.operationName) },
        required: ['namespace', 'name'],
        additionalProperties: false,
      } as const),
      description: "QName of Body's first child, or what the action says where that is encrypted; null when unknown",
    },
    operationSource: {
      enum: ['body', 'soapAction', 'parameter', 'wsa'],
      description: 'What decided on the operation; absent: body',
    },
    encrypted: { type: 'boolean', description: "Body's first child is xenc:EncryptedData" },
    action: {
      ...text(REPORT_LIMITS.action),
      description: 'SOAPAction, action parameter or wsa:Action, without quotes',
    },
    actionSource: { enum: ['soapAction', 'parameter', 'wsa'] },
    soapVersion: { enum: ['1.1', '1.2'], description: "By the envelope's namespace" },
    mediaType: text(128),
  },
  required: ['path', 'operation'],
  additionalProperties: false,
} as const;

export const faultSchema = {
  type: 'object',
  properties: {
    code: { ...text(REPORT_LIMITS.faultText), description: 'faultcode (1.1) or Code/Value (1.2), as written' },
    subcode: { ...text(REPORT_LIMITS.faultText), description: 'The outermost subcode' },
    subcodes: {
      type: 'array',
      items: text(REPORT_LIMITS.faultText),
      maxItems: REPORT_LIMITS.subcodes,
      description: 'All of them from the outside in, where there is more than one',
    },
    reason: text(REPORT_LIMITS.faultText),
    actor: text(REPORT_LIMITS.faultText),
    detail: { ...text(REPORT_LIMITS.faultText), description: "{namespace}name of the detail's first child" },
  },
  required: ['code'],
  additionalProperties: false,
} as const;

export const connectionSchema = {
  type: 'object',
  description: 'One TCP connection, both ends as ip:port ([ip]:port for IPv6), IPv4-mapped addresses as IPv4.',
  properties: { server: text(64), client: text(64) },
  required: ['server', 'client'],
  additionalProperties: false,
} as const;

export const idsSchema = {
  type: 'object',
  description: 'Identifiers found in the messages, as found. Nothing is injected.',
  properties: {
    messageId: text(REPORT_LIMITS.messageId),
    relatesTo: text(REPORT_LIMITS.messageId),
    traceparent: text(128),
  },
  required: [],
  additionalProperties: false,
} as const;

const attachmentsSchema = {
  type: 'object',
  description:
    'The parts of a multipart message beside its root: how many, and of the first ones type and size. Never content.',
  properties: {
    count,
    parts: {
      type: 'array',
      items: {
        type: 'object',
        properties: { mediaType: text(128), bytes: { ...count, description: 'As on the wire; of a cut part, so far' } },
        required: ['mediaType', 'bytes'],
        additionalProperties: false,
      },
      maxItems: REPORT_LIMITS.attachments,
    },
  },
  required: ['count', 'parts'],
  additionalProperties: false,
} as const;

export const capturedBodySchema = {
  type: 'object',
  description: 'A captured envelope: decoded, then redacted, then cut. Only where capture was switched on.',
  properties: {
    text: { ...text(REPORT_LIMITS.bodyText), description: 'Empty when it was withheld' },
    bytes: { ...count, description: 'Of the whole message, as on the wire' },
    truncated: { type: 'boolean' },
    redacted: { ...count, description: 'Values removed' },
    rules: { ...text(64), description: 'Name and version of the rules that were applied' },
    withheld: { ...text(128), description: 'Why nothing is shown: what cannot be read cannot be redacted' },
  },
  required: ['text', 'bytes', 'truncated', 'redacted', 'rules'],
  additionalProperties: false,
} as const;

export const extrasSchema = {
  type: 'object',
  description: 'What few rows have.',
  properties: {
    attempts: { ...count, description: 'HTTP rounds that it took in all, when more than one' },
    attemptOf: { ...count, description: 'Outcome attempt: the exchangeNo of the round in which the message went on' },
    bodyHash: {
      ...text(64),
      description:
        "HMAC-SHA-256 of the request's body as on the wire, first 18 bytes in base64url, where the server asked for it",
    },
    requestAttachments: attachmentsSchema,
    replyAttachments: attachmentsSchema,
    requestBody: capturedBodySchema,
    replyBody: capturedBodySchema,
  },
  required: [],
  additionalProperties: false,
} as const;

export const rowSchema = {
  type: 'array',
  prefixItems: [
    { ...count, description: '0 rowSeq: rises by one per row and reporter; a repeat is harmless' },
    { ...count, description: '1 exchangeNo: per reporter' },
    { enum: [0, 1, 2], description: '2 part: 0 whole, 1 open, 2 close' },
    { ...count, description: '3 call: index into calls' },
    { enum: [0, 1], description: '4 role: 0 server, 1 client' },
    { ...orNull(count), description: '5 parent: exchangeNo of the call being served when this one was made' },
    {
      type: 'integer',
      minimum: 1,
      maximum: REPORT_LIMITS.timeMicros,
      description: "6 start: the request's first byte",
    },
    { ...orNull(offset), description: "7 the request's last byte" },
    { ...orNull(offset), description: "8 the reply's first byte" },
    { ...orNull(offset), description: "9 the reply's last byte" },
    { ...orNull(offset), description: '10 end: when the outcome was known; null while open' },
    { ...count, description: '11 bytes of the request body, as on the wire' },
    { ...count, description: '12 bytes of the reply body, as on the wire' },
    {
      ...orNull({ type: 'integer', minimum: 0, maximum: 255 } as const),
      description: '13 outcome code; null while open',
    },
    { type: 'integer', minimum: 0, maximum: 999, description: '14 HTTP status; 0 for none' },
    { ...orNull(count), description: '15 fault: index into faults' },
    { ...orNull(count), description: '16 connection: index into connections' },
    { ...orNull(count), description: '17 ordinal of the request on its connection, from 0; every HTTP request counts' },
    { ...orNull(idsSchema), description: '18 identifiers found' },
    { ...orNull(extrasSchema), description: '19 extras; may be absent' },
  ],
  items: false,
  minItems: 19,
} as const;

export const countersSchema = {
  type: 'object',
  description:
    'Rows since the process began. observed = acknowledged + refused + inTransit + queued + the sum of dropped, always.',
  properties: {
    observed: count,
    acknowledged: count,
    refused: count,
    inTransit: count,
    queued: count,
    dropped: { type: 'object', additionalProperties: count, maxProperties: REPORT_LIMITS.dropReasons },
    noise: { ...count, description: 'HTTP exchanges that were no SOAP (?wsdl, health checks): counted, not stored' },
    pings: { ...count, description: 'Pings answered' },
    failures: {
      ...count,
      description: 'Failures inside the interceptor that guarded() swallowed; the messages passed',
    },
  },
  required: ['observed', 'acknowledged', 'refused', 'inTransit', 'queued', 'dropped', 'noise', 'pings', 'failures'],
  additionalProperties: false,
} as const;

export const listenerSchema = {
  type: 'object',
  properties: {
    address: { ...text(REPORT_LIMITS.address), description: 'As bound: an IP, or 0.0.0.0 or :: for all' },
    port: { type: 'integer', minimum: 1, maximum: 65_535 },
    tls: { type: 'boolean' },
    behind: {
      type: 'object',
      description: 'A proxy’s listener: the service behind it, as the proxy last found it',
      properties: {
        address: { ...text(REPORT_LIMITS.address), description: 'host:port' },
        state: { enum: ['up', 'down', 'unknown'] },
        detail: { ...text(256), description: 'In words: what was tried, and what came of it' },
      },
      required: ['address', 'state', 'detail'],
      additionalProperties: false,
    },
  },
  required: ['address', 'port', 'tls'],
  additionalProperties: false,
} as const;

export const reportSchema = {
  type: 'object',
  properties: {
    version: { const: REPORT_VERSION },
    reporter: reporterId,
    name: text(REPORT_LIMITS.name),
    machine: text(REPORT_LIMITS.name),
    hostId: { ...text(128), description: 'Scopes connection evidence: a hash of boot id and network namespace' },
    pid: count,
    stack: { ...text(256), description: 'Runtime and interceptor, with versions' },
    listeners: { type: 'array', items: listenerSchema, maxItems: REPORT_LIMITS.listeners },
    advertised: {
      ...text(REPORT_LIMITS.address),
      description: 'host:port under which callers know the process, if set',
    },
    sentAt: {
      type: 'integer',
      minimum: 1,
      maximum: REPORT_LIMITS.timeMicros,
      description: "Reporter's clock, at this try",
    },
    closing: { type: 'boolean', description: 'The process says goodbye: this is its last report' },
    counters: countersSchema,
    calls: { type: 'array', items: callSchema, maxItems: REPORT_LIMITS.calls },
    faults: { type: 'array', items: faultSchema, maxItems: REPORT_LIMITS.faults },
    connections: { type: 'array', items: connectionSchema, maxItems: REPORT_LIMITS.connections },
    rows: { type: 'array', items: rowSchema, maxItems: REPORT_LIMITS.rows },
  },
  required: [
    'version',
    'reporter',
    'name',
    'machine',
    'hostId',
    'pid',
    'stack',
    'listeners',
    'sentAt',
    'counters',
    'calls',
    'faults',
    'connections',
    'rows',
  ],
  additionalProperties: true,
} as const;

export const reportAnswerSchema = {
  type: 'object',
  properties: {
    acknowledged: { ...count, description: 'Rows of this report that are stored, now or before' },
    refused: {
      type: 'array',
      items: {
        type: 'object',
        properties: { rowSeq: count, reason: { type: 'string' } },
        required: ['rowSeq', 'reason'],
        additionalProperties: false,
      },
    },
    nextReportMillis: { type: 'integer', minimum: 1, description: 'When to report next: short while somebody watches' },
    wantBodyHash: {
      type: 'array',
      items: { type: 'string' },
      description: 'host:port of destinations for which a keyed hash of the body is wanted as evidence',
    },
    wantServedHash: { type: 'boolean', description: 'The same for what this process serves; absent: no' },
  },
  required: ['acknowledged', 'refused', 'nextReportMillis', 'wantBodyHash'],
  additionalProperties: true,
} as const;

/** What the key of the body hash is derived from the ingest key with (HKDF-SHA-256, no salt, 32 bytes); '' without a key. */
export const BODY_HASH_KEY_INFO = 'soa-monitor body hash key 1';
/** Bytes of the HMAC that are sent. */
export const BODY_HASH_BYTES = 18;

/** A report as it stands on the wire. */
export type WireReport = FromSchema<typeof reportSchema>;
export type WireRow = FromSchema<typeof rowSchema>;
export type ReportAnswer = FromSchema<typeof reportAnswerSchema>;
export type Call = FromSchema<typeof callSchema>;
export type QName = { readonly namespace: string; readonly name: string };
export type Extras = FromSchema<typeof extrasSchema>;
export type Attachments = FromSchema<typeof attachmentsSchema>;
export type CapturedBody = FromSchema<typeof capturedBodySchema>;
export type Fault = FromSchema<typeof faultSchema>;
export type Connection = FromSchema<typeof connectionSchema>;
export type Identifiers = FromSchema<typeof idsSchema>;
export type Counters = FromSchema<typeof countersSchema>;
export type Listener = FromSchema<typeof listenerSchema>;

import { explainSchema } from './explain.ts';
import { feedSchema, linkSchema, nodeSchema, reporterAccountSchema, stateChangeSchema } from './live.ts';
import { OUTCOMES } from './outcome.ts';
import { callSchema, capturedBodySchema, extrasSchema, faultSchema, idsSchema, listenerSchema } from './report.ts';
import type { FromSchema } from './schema.ts';

/** The answers of the HTTP API, version 1 (design, section 9). Times are epoch µs, durations µs. */
export const LEVELS = ['operation', 'endpoint', 'server', 'machine'] as const;
export type Level = (typeof LEVELS)[number];

const id = { type: 'string', maxLength: 64 } as const;
const count = { type: 'integer', minimum: 0 } as const;
const orNull = <const S>(schema: S) => ({ anyOf: [schema, { type: 'null' }] }) as const;
const object = <const P, const R extends readonly (keyof P)[]>(properties: P, required: R) =>
  ({ type: 'object', properties, required, additionalProperties: true }) as const;
const list = <const S>(items: S) => ({ type: 'array', items }) as const;

export const CONFIDENCES = ['certain', 'high', 'probable'] as const;
export type Confidence = (typeof CONFIDENCES)[number];

/** What joined the two halves of an exchange. */
export const EVIDENCES = ['messageId', 'traceparent', 'connection', 'bodyHash'] as const;
export type Evidence = (typeof EVIDENCES)[number];

export const windowSchema = object({ from: count, to: count }, ['from', 'to']);

const figures = {
  count: { ...count, description: 'Exchanges that have ended' },
  faults: count,
  errors: { ...count, description: 'Neither ok nor one-way nor fault' },
  requestBytes: count,
  replyBytes: count,
  p50Micros: { ...orNull(count), description: "The caller's side, else the server's; null when nothing was counted" },
  p95Micros: orNull(count),
  p99Micros: orNull(count),
} as const;
const figureNames = [
  'count',
  'faults',
  'errors',
  'requestBytes',
  'replyBytes',
  'p50Micros',
  'p95Micros',
  'p99Micros',
] as const;

export const linkFiguresSchema = object(
  { id, source: id, target: id, operation: orNull({ type: 'string' }), ...figures },
  ['id', 'source', 'target', 'operation', ...figureNames],
);

export const topologySchema = object(
  {
    window: windowSchema,
    level: { enum: LEVELS },
    nodes: list(nodeSchema),
    links: list(linkFiguresSchema),
    folded: {
      ...object({ exchanges: count, links: count, operations: count }, ['exchanges', 'links', 'operations']),
      description:
        'What is told under "(other)", because a bound on distinct names was reached: exchanges of the window',
    },
    explain: explainSchema,
  },
  ['window', 'level', 'nodes', 'links'],
);

export const trafficSchema = object(
  {
    window: windowSchema,
    stepMicros: count,
    buckets: {
      ...list(
        object(
          {
            from: count,
            ...figures,
            latency: {
              ...list({ type: 'integer' }),
              description:
                'Where it is asked for: the sketch as bucket, count, bucket, count … (as in cells of the feed)',
            },
          },
          ['from', ...figureNames],
        ),
      ),
      description: 'Empty ones are absent',
    },
    explain: explainSchema,
  },
  ['window', 'stepMicros', 'buckets'],
);

export const exchangeSchema = object(
  {
    id,
    transaction: { ...id, description: "The root exchange's id" },
    parent: orNull(id),
    link: id,
    source: id,
    target: id,
    sourceName: { type: 'string' },
    targetName: { type: 'string', description: 'The node with what it belongs to: "bank · /bank"' },
    call: callSchema,
    outcome: { ...orNull({ enum: OUTCOMES }), description: 'null while in flight' },
    lost: { type: 'boolean', description: 'Its process went away before it ended' },
    status: count,
    fault: orNull(faultSchema),
    start: count,
    durationMicros: orNull(count),
    requestSent: orNull(count),
    requestReceived: orNull(count),
    replySent: orNull(count),
    replyReceived: orNull(count),
    requestBytes: count,
    replyBytes: count,
    halves: { enum: ['both', 'client', 'server'] },
    evidence: {
      ...orNull({ enum: EVIDENCES }),
      description: 'Of the join',
    },
    confidence: {
      ...orNull({ enum: CONFIDENCES }),
      description: 'How sure the join is: connection certain, message id and traceparent high, body hash probable',
    },
    ambiguous: {
      type: 'boolean',
      description: 'Not joined because the evidence does not tell which of several halves is the other one',
    },
  },
  [
    'id',
    'transaction',
    'parent',
    'link',
    'source',
    'target',
    'sourceName',
    'targetName',
    'call',
    'outcome',
    'lost',
    'status',
    'fault',
    'start',
    'durationMicros',
    'requestSent',
    'requestReceived',
    'replySent',
    'replyReceived',
    'requestBytes',
    'replyBytes',
    'halves',
    'evidence',
    'confidence',
    'ambiguous',
  ],
);

export const exchangesSchema = object(
  {
    window: windowSchema,
    exchanges: list(exchangeSchema),
    cursor: {
      ...orNull({ type: 'string' }),
      description: 'For the next page, also of one that found little; null: the window was looked through to its end',
    },
    scannedTo: { ...count, description: 'Up to here the window was looked through, epoch µs' },
    explain: explainSchema,
  },
  ['window', 'exchanges', 'cursor'],
);

export const halfSchema = object(
  {
    reporter: id,
    node: { ...id, description: 'The server or client node that observed it' },
    exchangeNo: count,
    role: { enum: ['server', 'client'] },
    call: callSchema,
    start: { ...count, description: 'Key time' },
    requestLast: orNull(count),
    replyFirst: orNull(count),
    replyLast: orNull(count),
    end: orNull(count),
    requestBytes: count,
    replyBytes: count,
    outcome: orNull({ enum: OUTCOMES }),
    status: count,
    fault: orNull(faultSchema),
    connection: orNull({ type: 'string' }),
    ordinal: orNull(count),
    ids: orNull(idsSchema),
    attempts: { ...orNull(count), description: 'HTTP rounds that it took in all; null: one' },
    attemptOf: { ...orNull(count), description: 'Outcome attempt: the exchangeNo in which the message went on' },
    requestAttachments: orNull(extrasSchema.properties.requestAttachments),
    replyAttachments: orNull(extrasSchema.properties.replyAttachments),
    hasBodyHash: { type: 'boolean', description: 'A keyed hash of the request was reported, as evidence' },
    requestBody: { ...orNull(capturedBodySchema), description: 'null: not captured; as in every list of exchanges' },
    replyBody: orNull(capturedBodySchema),
  },
  [
    'reporter',
    'node',
    'exchangeNo',
    'role',
    'call',
    'start',
    'requestLast',
    'replyFirst',
    'replyLast',
    'end',
    'requestBytes',
    'replyBytes',
    'outcome',
    'status',
    'fault',
    'connection',
    'ordinal',
    'ids',
    'attempts',
    'attemptOf',
    'requestAttachments',
    'replyAttachments',
    'hasBodyHash',
    'requestBody',
    'replyBody',
  ],
);

export const attemptSchema = object(
  {
    id: { ...id, description: 'Of the exchange that this round is: it can be asked for, and stands in no list' },
    start: { ...count, description: 'Key time' },
    durationMicros: orNull(count),
    status: count,
    outcome: orNull({ enum: OUTCOMES }),
    address: { type: 'string', description: 'host:port as called; empty when unknown' },
    path: { type: 'string' },
  },
  ['id', 'start', 'durationMicros', 'status', 'outcome', 'address', 'path'],
);

export const exchangeDetailSchema = object(
  {
    exchange: exchangeSchema,
    client: orNull(halfSchema),
    server: orNull(halfSchema),
    clock: {
      ...orNull(
        object({ offsetMicros: { type: 'integer' }, uncertaintyMicros: count }, ['offsetMicros', 'uncertaintyMicros']),
      ),
      description:
        "The server's clock less the client's, by which the server's messages are placed; null where they share one, or one side was not seen",
    },
    attempts: {
      ...list(attemptSchema),
      description: 'HTTP rounds before this one that carried the same message, oldest first',
    },
    expired: {
      ...orNull({ enum: ['client', 'server'] }),
      description: 'The side whose record was seen, and is older than records are kept; null: none',
    },
  },
  ['exchange', 'client', 'server', 'clock', 'attempts'],
);

export const exchangePartsSchema = object(
  {
    exchange: id,
    serviceMicros: {
      ...orNull(count),
      description: 'At the server, from the whole request to the first byte of the reply',
    },
    ownMicros: { ...orNull(count), description: 'Of that, not spent waiting for the calls it made' },
    waitingMicros: { ...orNull(count), description: 'Of that, spent waiting for calls; those at once count once' },
    networkOutMicros: { ...orNull(count), description: 'Of the request; null where one side was not seen' },
    networkBackMicros: { ...orNull(count), description: 'Of the reply' },
    isCritical: { type: 'boolean', description: 'Without it the transaction would have ended earlier' },
  },
  ['exchange', 'serviceMicros', 'ownMicros', 'waitingMicros', 'networkOutMicros', 'networkBackMicros', 'isCritical'],
);

export const missingPartSchema = object(
  {
    exchange: id,
    part: { enum: ['client', 'server', 'parent', 'end', 'children'], description: 'end: it is in flight, or was lost' },
    why: {
      enum: ['neverCame', 'expired', 'notMonitored', 'cut'],
      description: 'notMonitored: nobody reports that side; cut: more than one answer tells',
    },
  },
  ['exchange', 'part', 'why'],
);

export const transactionSchema = object(
  {
    id,
    exchanges: list(exchangeSchema),
    totalMicros: { ...orNull(count), description: 'Of the outermost exchange; null while it is in flight' },
    parts: { ...list(exchangePartsSchema), description: 'Where the time went, per exchange, in their order' },
    missing: { ...list(missingPartSchema), description: 'Why some of it cannot be told; empty: all was seen' },
  },
  ['id', 'exchanges'],
);

export const replaySchema = object(
  {
    window: windowSchema,
    sample: { type: 'integer', minimum: 1 },
    feed: feedSchema,
    cursor: {
      ...orNull({ type: 'string' }),
      description: 'null: this was the last page. nodes and links stand in the first',
    },
  },
  ['window', 'sample', 'feed', 'cursor'],
);

export const pictureSchema = object(
  {
    at: count,
    feed: { ...feedSchema, description: 'States at that moment, exchanges in flight, cells over the 60 s before' },
    omitted: { ...count, description: 'Exchanges in flight that were left out, because there were too many' },
  },
  ['at', 'feed'],
);

const onlyOnceSchema = object(
  {
    ...linkFiguresSchema.properties,
    tooLittle: { type: 'boolean', description: 'So few calls that their absence in the other window proves nothing' },
  },
  linkFiguresSchema.required,
);

const verdict = (description: string) =>
  ({
    enum: ['more', 'less', 'same', 'tooLittle'],
    description: `${description}; tooLittle: the data cannot say`,
  }) as const;
const micros = object({ low: count, high: count }, ['low', 'high']);

export const linkDifferenceSchema = object(
  {
    rateBefore: { type: 'number', description: 'Exchanges that ended, per second of the window' },
    rateAfter: { type: 'number' },
    faultShareBefore: { ...orNull({ type: 'number' }), description: '(faults + errors) / all' },
    faultShareAfter: orNull({ type: 'number' }),
    faultShare: {
      ...orNull(
        object({ difference: { type: 'number' }, low: { type: 'number' }, high: { type: 'number' } }, [
          'difference',
          'low',
          'high',
        ]),
      ),
      description: 'After less before, with its 95 % interval (Newcombe)',
    },
    faultShareVerdict: verdict('same: the interval lies within 5 points'),
    p95Before: { ...orNull(micros), description: '95 % interval of the p95, µs; null: too few exchanges' },
    p95After: orNull(micros),
    p95Verdict: verdict('more: slower. same: the intervals overlap'),
  },
  [
    'rateBefore',
    'rateAfter',
    'faultShareBefore',
    'faultShareAfter',
    'faultShare',
    'faultShareVerdict',
    'p95Before',
    'p95After',
    'p95Verdict',
  ],
);

export const compareSchema = object(
  {
    window: windowSchema,
    window2: windowSchema,
    level: { enum: LEVELS },
    nodes: list(nodeSchema),
    added: list(onlyOnceSchema),
    gone: list(onlyOnceSchema),
    changed: list(
      object({ before: linkFiguresSchema, after: linkFiguresSchema, difference: linkDifferenceSchema }, [
        'before',
        'after',
      ]),
    ),
    explain: explainSchema,
    explain2: explainSchema,
  },
  ['window', 'window2', 'level', 'nodes', 'added', 'gone', 'changed'],
);

export const nodesSchema = object({ nodes: list(nodeSchema), cursor: orNull({ type: 'string' }) }, ['nodes', 'cursor']);
export const linksSchema = object(
  {
    links: list(
      object(
        {
          ...linkSchema.properties,
          firstSeen: { ...count, description: 'Begin of its first counted exchange' },
          lastSeen: { ...count, description: 'Begin of its last one, to a second' },
        },
        [...linkSchema.required, 'firstSeen', 'lastSeen'],
      ),
    ),
    cursor: orNull({ type: 'string' }),
  },
  ['links', 'cursor'],
);
export const statesSchema = object({ states: list(stateChangeSchema), cursor: orNull({ type: 'string' }) }, [
  'states',
  'cursor',
]);

export const nodeProcessSchema = object(
  {
    ...reporterAccountSchema.properties,
    pid: count,
    stack: { type: 'string' },
    firstReportAt: count,
    listeners: {
      ...list(listenerSchema),
      description: 'As it said last. behind: it is a proxy, and so it found the service behind it',
    },
    noise: { ...count, description: 'HTTP exchanges that were no SOAP: counted, not stored' },
    pings: count,
    failures: { ...count, description: 'Failures inside the interceptor; the messages passed' },
  },
  [...reporterAccountSchema.required, 'pid', 'stack', 'firstReportAt', 'listeners', 'noise', 'pings', 'failures'],
);

export const nodeProcessesSchema = object({ processes: list(nodeProcessSchema) }, ['processes']);

const placeFields = {
  x: { type: 'number' },
  y: { type: 'number' },
  pinned: { type: 'boolean' },
  charge: { type: 'number', minimum: -10_000, maximum: 10_000, description: 'Absent: the default charge' },
} as const;

export const placeSchema = {
  type: 'object',
  description: "A node's kept place in a view, in scene units",
  properties: placeFields,
  required: ['x', 'y', 'pinned'],
  additionalProperties: false,
} as const;

export const viewSchema = {
  type: 'object',
  properties: {
    nodes: { type: 'object', additionalProperties: placeSchema, maxProperties: 50_000 },
    settings: {
      type: 'object',
      additionalProperties: { anyOf: [{ type: 'string', maxLength: 1_000 }, { type: 'number' }, { type: 'boolean' }] },
      maxProperties: 100,
    },
  },
  required: ['nodes', 'settings'],
  additionalProperties: false,
} as const;

/** RFC 9457. */
export const problemSchema = object(
  {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    reasons: list({ type: 'string' }),
  },
  ['type', 'title', 'status'],
);

export type Window = FromSchema<typeof windowSchema>;
export type LinkFigures = FromSchema<typeof linkFiguresSchema>;
export type Topology = FromSchema<typeof topologySchema>;
export type Traffic = FromSchema<typeof trafficSchema>;
export type Exchange = FromSchema<typeof exchangeSchema>;
export type Attempt = FromSchema<typeof attemptSchema>;
export type Exchanges = FromSchema<typeof exchangesSchema>;
export type Half = FromSchema<typeof halfSchema>;
export type ExchangeDetail = FromSchema<typeof exchangeDetailSchema>;
export type Transaction = FromSchema<typeof transactionSchema>;
export type Replay = FromSchema<typeof replaySchema>;
export type Picture = FromSchema<typeof pictureSchema>;
export type Comparison = FromSchema<typeof compareSchema>;
export type ExchangeParts = FromSchema<typeof exchangePartsSchema>;
export type MissingPart = FromSchema<typeof missingPartSchema>;
export type LinkDifference = FromSchema<typeof linkDifferenceSchema>;
export type Links = FromSchema<typeof linksSchema>;
export type Nodes = FromSchema<typeof nodesSchema>;
export type States = FromSchema<typeof statesSchema>;
export type NodeProcess = FromSchema<typeof nodeProcessSchema>;
export type NodeProcesses = FromSchema<typeof nodeProcessesSchema>;
export type Place = FromSchema<typeof placeSchema>;
export type View = FromSchema<typeof viewSchema>;
export type Problem = FromSchema<typeof problemSchema>;

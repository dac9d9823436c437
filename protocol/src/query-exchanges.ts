import { explainSchema } from './explain.ts';
import { OUTCOMES } from './outcome.ts';
import { windowSchema } from './queries.ts';
import { count, id, list, object, orNull } from './query-shapes.ts';
import { callSchema, capturedBodySchema, extrasSchema, faultSchema, idsSchema } from './report.ts';
import type { FromSchema } from './schema.ts';

// Exchanges in a list, and one with both its halves.

export const CONFIDENCES = ['certain', 'high', 'probable'] as const;
export type Confidence = (typeof CONFIDENCES)[number];

/** What joined the two halves of an exchange. */
export const EVIDENCES = ['messageId', 'traceparent', 'connection', 'bodyHash'] as const;
export type Evidence = (typeof EVIDENCES)[number];

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

export type Exchange = FromSchema<typeof exchangeSchema>;
export type Attempt = FromSchema<typeof attemptSchema>;
export type Exchanges = FromSchema<typeof exchangesSchema>;
export type Half = FromSchema<typeof halfSchema>;
export type ExchangeDetail = FromSchema<typeof exchangeDetailSchema>;

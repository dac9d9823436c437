import { exchangeSchema } from './query-exchanges.ts';
import { count, id, list, object, orNull } from './query-shapes.ts';
import type { FromSchema } from './schema.ts';

// The tree of exchanges that one outermost call caused, and where its time went.

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

export type Transaction = FromSchema<typeof transactionSchema>;
export type ExchangeParts = FromSchema<typeof exchangePartsSchema>;
export type MissingPart = FromSchema<typeof missingPartSchema>;

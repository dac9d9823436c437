import type { FromSchema } from './schema.ts';

/** What an answer was folded from. Facts are single exchanges; the others are sums of them, per link or of all links. */
export const EXPLAINED_TIERS = [
  'facts',
  'minute',
  'tenMinutes',
  'hour',
  'totalSecond',
  'totalMinute',
  'totalTenMinutes',
  'totalHour',
] as const;
export type ExplainedTier = (typeof EXPLAINED_TIERS)[number];

const count = { type: 'integer', minimum: 0 } as const;
const countOrNull = { anyOf: [count, { type: 'null' }] } as const;

export const explainSchema = {
  type: 'object',
  description: 'From what the answer was folded, and whether something is missing in it',
  properties: {
    tiers: {
      type: 'array',
      items: {
        type: 'object',
        properties: { tier: { enum: EXPLAINED_TIERS }, rows: count },
        required: ['tier', 'rows'],
        additionalProperties: true,
      },
    },
    rowsRead: count,
    partial: {
      type: 'array',
      description: 'Empty: the answer is whole and exact',
      items: {
        type: 'object',
        properties: {
          reason: { enum: ['expired', 'cut'], description: 'expired: dropped by age; cut: more than one answer reads' },
          before: { ...countOrNull, description: 'expired: what began before it is no longer kept, epoch µs' },
          exchanges: {
            ...countOrNull,
            description: 'By how many exchanges (of all links) it may be inexact; null: not known',
          },
        },
        required: ['reason', 'before', 'exchanges'],
        additionalProperties: true,
      },
    },
  },
  required: ['tiers', 'rowsRead', 'partial'],
  additionalProperties: true,
} as const;

export type Explain = FromSchema<typeof explainSchema>;

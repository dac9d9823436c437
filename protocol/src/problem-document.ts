import { list, object } from './query-shapes.ts';
import type { FromSchema } from './schema.ts';

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

export type Problem = FromSchema<typeof problemSchema>;

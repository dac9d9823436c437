import { feedSchema } from './live.ts';
import { windowSchema } from './queries.ts';
import { count, object, orNull } from './query-shapes.ts';
import type { FromSchema } from './schema.ts';

// The feed of a past window, and the picture at a moment.

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

export type Replay = FromSchema<typeof replaySchema>;
export type Picture = FromSchema<typeof pictureSchema>;

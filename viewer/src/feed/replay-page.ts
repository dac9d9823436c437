import {
  decodeReplayPage,
  type FromSchema,
  feedSchema,
  REPLAY_MEDIA_TYPE,
  type Replay,
  type ReplayPage,
} from '@soa-monitor/protocol';
import { conforms } from './conforms.ts';

/** Columns are asked for, and the readable form is taken from a server that has none. */
export const REPLAY_ACCEPT = `${REPLAY_MEDIA_TYPE}, application/json;q=0.5`;

export const isReplayPage = (response: Response): boolean =>
  response.headers.get('content-type')?.startsWith(REPLAY_MEDIA_TYPE) ?? false;

/** What few items of a page are readable inside it: as strange as any other answer until it was looked at. */
const estateSchema = {
  type: 'object',
  properties: {
    nodes: feedSchema.properties.nodes,
    links: feedSchema.properties.links,
    states: feedSchema.properties.states,
  },
  required: ['nodes', 'links', 'states'],
  additionalProperties: true,
} as const;

/** The page as the JSON form would tell it, or null when the bytes are none. */
export function readReplayPage(bytes: ArrayBuffer): Replay | null {
  const decoded = decodeReplayPage(new Uint8Array(bytes));
  if (decoded.kind === 'damaged') return null;
  const estate = estateOf(decoded.page);
  if (estate === null) return null;
  const { window, sample, cursor, exchanges, cells } = decoded.page;
  return { window, sample, cursor, feed: { ...estate, exchanges: [...exchanges], cells: [...cells], gone: [] } };
}

const estateOf = ({ estate }: ReplayPage): FromSchema<typeof estateSchema> | null =>
  conforms(estateSchema, estate) ? estate : null;

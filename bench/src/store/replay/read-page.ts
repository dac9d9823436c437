import type { Replay } from '@soa-monitor/protocol';
import * as protocol from '@soa-monitor/protocol';
import type { Fetched } from './fetched.ts';

/** The form that is asked for; a server that does not know it answers JSON. */
export const COLUMNAR = 'application/vnd.soa-monitor.replay';

export interface ReadPage {
  readonly exchanges: number;
  readonly cursor: string | null;
}

/** Reads a page as a viewer does, whichever form it has. */
export function readPage({ mediaType, body }: Fetched): ReadPage {
  if (mediaType !== COLUMNAR) {
    const { feed, cursor }: Replay = JSON.parse(body.toString('utf8'));
    return { exchanges: feed.exchanges.length, cursor };
  }
  // By name: a build of the protocol without the columnar form has no such decoder, and its server offers no such page.
  const decode: unknown = Reflect.get(protocol, 'decodeReplayPage');
  const decoded: unknown = typeof decode === 'function' ? decode(body) : null;
  if (!isPage(decoded)) throw new Error(`no replay page: ${JSON.stringify(decoded)?.slice(0, 200)}`);
  return { exchanges: decoded.page.exchanges.length, cursor: decoded.page.cursor };
}

interface DecodedPage {
  readonly page: { readonly exchanges: readonly unknown[]; readonly cursor: string | null };
}

const isPage = (decoded: unknown): decoded is DecodedPage =>
  typeof decoded === 'object' && decoded !== null && 'kind' in decoded && decoded.kind === 'page' && 'page' in decoded;

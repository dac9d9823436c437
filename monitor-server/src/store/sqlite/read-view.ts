import type { View } from '@soa-monitor/protocol';
import type { Database } from 'better-sqlite3';
import { inSnapshot } from './snapshot.ts';
import { etagOf, type PlaceRow } from './view-table.ts';

export function readView(database: Database, id: string): { readonly view: View; readonly etag: string } | null {
  const select = database.prepare<[string], { version: number; settings: string }>(
    'SELECT version, settings FROM view WHERE id = ?',
  );
  const places = database.prepare<[string], PlaceRow>(
    'SELECT node, x, y, pinned, charge FROM view_place WHERE view = ? ORDER BY node',
  );
  return inSnapshot(database, () => {
    const row = select.get(id);
    if (row === undefined) return null;
    const nodes = places.all(id).map(({ node, x, y, pinned, charge }) => {
      return [node, { x, y, pinned: pinned === 1, ...(charge === null ? {} : { charge }) }] as const;
    });
    return {
      view: { nodes: Object.fromEntries(nodes), settings: parseSettings(row.settings) },
      etag: etagOf(row.version),
    };
  });
}

const parseSettings = (text: string): View['settings'] => JSON.parse(text);

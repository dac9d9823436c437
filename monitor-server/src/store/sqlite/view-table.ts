import type { Place, View } from '@soa-monitor/protocol';
import type { Database } from 'better-sqlite3';

export interface PlaceRow {
  readonly node: string;
  readonly x: number;
  readonly y: number;
  readonly pinned: number;
  readonly charge: number | null;
}

/** Views beyond this are refused by the store; one that is there can always be changed. */
const VIEWS_MAX = 10_000;
/** Places in one view, as the wire bounds them: the place of one more node is not kept. */
const PLACES_MAX = 50_000;

/** The kept places and settings of views. The ETag is the version: it rises by one with each change. */
export function createViewTable(database: Database) {
  const selectVersion = database.prepare<[string], { version: number }>('SELECT version FROM view WHERE id = ?');
  const countViews = database.prepare<[], { count: number }>('SELECT count(*) AS count FROM view');
  const countPlaces = database.prepare<[string, string], { count: number }>(
    'SELECT count(*) AS count FROM view_place WHERE view = ? AND node != ?',
  );
  const insert = database.prepare<[string]>("INSERT OR IGNORE INTO view VALUES (?, 0, '{}')");
  const bump = database.prepare<[string], { version: number }>(
    'UPDATE view SET version = version + 1 WHERE id = ? RETURNING version',
  );
  const settings = database.prepare<[string, string]>('UPDATE view SET settings = ? WHERE id = ?');
  const clear = database.prepare<[string]>('DELETE FROM view_place WHERE view = ?');
  const put = database.prepare<[string, string, number, number, number, number | null]>(
    'INSERT OR REPLACE INTO view_place VALUES (?, ?, ?, ?, ?, ?)',
  );
  const remove = database.prepare<[string, string]>('DELETE FROM view_place WHERE view = ? AND node = ?');

  const ensure = (id: string): void => {
    if (selectVersion.get(id) === undefined && (countViews.get()?.count ?? 0) >= VIEWS_MAX)
      throw new Error(`there are ${VIEWS_MAX} views: no more are kept`);
    insert.run(id);
  };
  const changed = (id: string): { readonly etag: string } => ({ etag: etagOf(bump.get(id)?.version ?? 0) });
  const putPlace = (view: string, node: string, { x, y, pinned, charge }: Place): void =>
    void put.run(view, node, x, y, pinned ? 1 : 0, charge ?? null);

  return {
    put(id: string, view: View, ifMatch: string | null): { readonly etag: string } | null {
      const version = selectVersion.get(id)?.version;
      if (ifMatch !== null && (version === undefined || etagOf(version) !== ifMatch)) return null;
      ensure(id);
      settings.run(JSON.stringify(view.settings), id);
      clear.run(id);
      for (const [node, place] of Object.entries(view.nodes).slice(0, PLACES_MAX)) putPlace(id, node, place);
      return changed(id);
    },
    place(id: string, node: string, place: Place | null): { readonly etag: string } {
      ensure(id);
      if (place === null) remove.run(id, node);
      else if ((countPlaces.get(id, node)?.count ?? 0) < PLACES_MAX) putPlace(id, node, place);
      return changed(id);
    },
  };
}

export const etagOf = (version: number): string => `"${version}"`;

import type { Database } from 'better-sqlite3';
import type { Catalogue } from './catalogue.ts';

export interface Wanted {
  readonly node: string | null;
  readonly link: string | null;
  readonly operation: string | null;
}

/** The numbers of the links and of the operation that a question asks for; null: all. Node and link may be those of any level. */
export function wantedNumbers(
  database: Database,
  catalogue: Catalogue,
  { node, link, operation }: Wanted,
): { readonly links: readonly number[] | null; readonly operation: number | null } {
  const named =
    operation === null
      ? null
      : (database.prepare<[string], { number: number }>('SELECT number FROM operation WHERE name = ?').get(operation)
          ?.number ?? NO_OPERATION);
  if (node === null && link === null) return { links: null, operation: named };
  const nodes = catalogue.nodes();
  const all = database.prepare<[], { number: number }>('SELECT number FROM link ORDER BY number').all();
  const links = all.filter(({ number }) => {
    const found = catalogue.link(number);
    return (node === null || nodes.touches(found, node)) && (link === null || nodes.isLink(found, link));
  });
  return { links: links.map(({ number }) => number), operation: named };
}

/** No operation has this number. */
const NO_OPERATION = -1;

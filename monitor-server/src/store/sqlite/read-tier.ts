import type { Database } from 'better-sqlite3';
import { bandKey, bandOf, bucketOfKey, firstLinkOfKey, LINKS_PER_BAND, readBand } from './band-blob.ts';
import { addColumns, type DenseFigures, FIGURE_COLUMNS, type FigureRow, numberAt } from './dense-figures.ts';
import { MINUTE, OPEN_MINUTES, TIERS, type Tier } from './tiers.ts';

/** Which cells of a tier are read. Buckets are counted, half open. */
export interface TierReading {
  readonly tier: Tier;
  readonly from: number;
  readonly to: number;
  /** 1: added, −1: taken out. */
  readonly sign: 1 | -1;
  /** Only these links, by number; null: all. */
  readonly links: readonly number[] | null;
  /** Only this operation, by number; null: all. */
  readonly operation: number | null;
  /** No minute before this one is open. */
  readonly openSince: number;
}

/** Where the cells of a bucket are added up; null: not wanted. */
export type IntoBucket = (link: number, operation: number, bucket: number) => DenseFigures | null;

/** Bands read at once: some 10 ms. The snapshot is renewed between. */
const BANDS_PER_PAGE = 1_000;
/** Up to so many single lookups are cheaper than reading all bands of the buckets. */
const LOOKUPS_MAX = 50_000;
const LOOKED_UP_BANDS_MAX = 64;

/** Adds up the cells of whole buckets, closed or open, and gives how many rows were read. `between` is called between pages. */
export type ReadTier = (reading: TierReading, between: () => void, into: IntoBucket) => number;

export function createTierReader(database: Database): ReadTier {
  const bandsBy = new Map(TIERS.map((tier) => [tier, bandsOf(database, tier)]));
  const openRows = openRowsOf(database);
  return (reading, between, into) => {
    const { tier, from, to, sign, operation } = reading;
    const bands = bandsBy.get(tier);
    if (bands === undefined) throw new Error(`no tier ${tier.name}`);
    const links = reading.links === null ? null : new Set(reading.links);
    const { read, perBucket } = bands(reading);
    const step = Math.max(1, Math.floor(BANDS_PER_PAGE / Math.max(1, perBucket)));
    let bucket = from;
    const wanted = (link: number, of: number): DenseFigures | null =>
      (links === null || links.has(link)) && (operation === null || of === operation) ? into(link, of, bucket) : null;
    let rows = 0;
    for (let first = from; first < to; first += step) {
      const last = Math.min(first + step, to);
      const page = read(first, last);
      for (const [key, cells] of page) {
        bucket = bucketOfKey(key);
        readBand(cells, firstLinkOfKey(key), sign, wanted);
      }
      rows += page.length;
      if (tier === MINUTE && last > reading.openSince) {
        const open = openRows(Math.max(first, reading.openSince), last, reading.links);
        for (const row of open) {
          bucket = numberAt(row, 0);
          const figures = wanted(numberAt(row, 1), numberAt(row, 2));
          if (figures !== null) addColumns(figures, row, 3, sign);
        }
        rows += open.length;
      }
      between();
    }
    return rows;
  };
}

type BandRow = readonly [key: number, cells: Buffer];

/** How the bands of some buckets are read: each looked up where few are wanted, else all of them; and how many a bucket has. */
function bandsOf(database: Database, { bands }: Tier) {
  const all = database
    .prepare<[number, number], BandRow>(`SELECT key, cells FROM ${bands} WHERE key >= ? AND key < ?`)
    .raw();
  const lastLink = database.prepare<[], number | null>('SELECT max(number) FROM link').pluck();
  const some = database
    .prepare<[number, number, number, string], BandRow>(
      `WITH RECURSIVE bucket (key) AS (SELECT ? UNION ALL SELECT key + ? FROM bucket LIMIT ?)
       SELECT b.key, b.cells FROM bucket CROSS JOIN json_each(?) l CROSS JOIN ${bands} b
       WHERE b.key = bucket.key + l.value`,
    )
    .raw();
  return ({ links, from, to }: TierReading) => {
    const wanted = links === null ? null : [...new Set(links.map(bandOf))].sort((a, b) => a - b);
    if (wanted === null || wanted.length > LOOKED_UP_BANDS_MAX || wanted.length * (to - from) > LOOKUPS_MAX)
      return {
        perBucket: (lastLink.get() ?? 0) / LINKS_PER_BAND,
        read: (first: number, last: number): readonly BandRow[] => all.all(bandKey(first, 0), bandKey(last, 0)),
      };
    const list = JSON.stringify(wanted);
    return {
      perBucket: wanted.length,
      read: (first: number, last: number): readonly BandRow[] =>
        some.all(bandKey(first, 0), bandKey(1, 0), last - first, list),
    };
  };
}

function openRowsOf(database: Database) {
  const select = `SELECT minute, link, operation, ${FIGURE_COLUMNS} FROM ${OPEN_MINUTES} WHERE minute >= ? AND minute < ?`;
  const all = database.prepare<[number, number], FigureRow>(select).raw();
  const some = database
    .prepare<[number, number, string], FigureRow>(`${select} AND link IN (SELECT value FROM json_each(?))`)
    .raw();
  return (from: number, to: number, links: readonly number[] | null): readonly FigureRow[] =>
    links === null ? all.all(from, to) : some.all(from, to, JSON.stringify(links));
}

/** What a column of a file holds. A time is epoch µs, and is written in the form that a file of its kind has for times. */
export type Cell = string | number | boolean | null;

export interface Column<Row> {
  /** In snake case, with its unit last. */
  readonly name: string;
  readonly kind: 'text' | 'time' | 'integer' | 'boolean';
  readonly value: (row: Row) => Cell;
}

/** ISO 8601 with µs. */
export const isoOf = (micros: number | null): string | null =>
  micros === null ? null : `${new Date(Math.floor(micros / 1_000)).toISOString().slice(0, -1)}${micro(micros)}Z`;

const micro = (micros: number): string => String(Math.floor(micros) % 1_000).padStart(3, '0');

import { stringify } from 'csv-stringify/sync';
import { type Cell, type Column, isoOf } from './column.ts';
import { inSlices } from './in-slices.ts';

/** RFC 4180 with a line of names. A time stands in two columns: ISO 8601, and µs under the name with `_micros`. */
export async function* csvOf<Row>(
  pages: AsyncIterable<readonly Row[]>,
  columns: readonly Column<Row>[],
): AsyncGenerator<string> {
  const written = columns.flatMap((column) => (column.kind === 'time' ? inTwo(column) : [column]));
  yield textOf([written.map(({ name }) => name)]);
  for await (const rows of inSlices(pages, ROWS_PER_SLICE)) {
    yield textOf(rows.map((row) => written.map(({ value }) => value(row))));
  }
}

/** Some milliseconds of work. */
const ROWS_PER_SLICE = 100;

const inTwo = <Row>({ name, kind, value }: Column<Row>): readonly Column<Row>[] => [
  { name, kind, value: (row) => isoOf(numberOf(value(row))) },
  { name: `${name}_micros`, kind: 'integer', value },
];

const numberOf = (cell: Cell): number | null => (typeof cell === 'number' ? cell : null);

const textOf = (records: readonly (readonly Cell[])[]): string =>
  stringify(
    records.map((record) => [...record]),
    {
      record_delimiter: '\r\n',
      // Whatever begins with an apostrophe is quoted, so that no reader takes that for a quote of its own.
      quoted_match: /^'/,
      cast: { string: withoutFormula, boolean: String },
    },
  );

/**
 * A text that a spreadsheet would take for a formula gets an apostrophe before it (OWASP, CSV injection): names and faults
 * are written by whoever calls. Numbers are ours and stay as they are. Not csv-stringify's `escape_formulas`: that looks at
 * the first character only, where a spreadsheet skips blanks, and what it writes for `=1` and for `'=1` is the same. Here a
 * text that could be mistaken for an escaped one is escaped too, so taking one apostrophe away gives each back.
 */
const withoutFormula = (text: string): string => (FORMULA.test(text) ? `'${text}` : text);

/** The last four are the full-width forms, which some programs take for the others. */
const FORMULA = /^'*([\s\0]*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20]|[\t\r\n\0])/;

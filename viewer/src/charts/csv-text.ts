/** What a cell of a file holds; null is left empty: it is not known. */
export type CsvCell = string | number | null;

/**
 * RFC 4180. A text that a spreadsheet would take for a formula gets an apostrophe before it (OWASP, CSV injection): names are
 * written by whoever calls. Numbers are ours and stay as they are. The rule is that of the monitor's own export.
 */
export const csvText = (rows: readonly (readonly CsvCell[])[]): string =>
  rows.map((row) => `${row.map(cellText).join(',')}\r\n`).join('');

function cellText(cell: CsvCell): string {
  if (cell === null) return '';
  if (typeof cell === 'number') return String(cell);
  const safe = FORMULA.test(cell) ? `'${cell}` : cell;
  return /[",\r\n']/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** The last four are the full-width forms, which some programs take for the others. */
const FORMULA = /^'*([\s\0]*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20]|[\t\r\n\0])/;

/** The charts whose tables are open, by measure, or by part where there is a split; each escaped, for a part may be called anything. */
export const openTables = (values: string | undefined): ReadonlySet<string> =>
  new Set(
    (values ?? '')
      .split(',')
      .filter((key) => key !== '')
      .map(unescaped)
      .slice(0, TABLES_MAX),
  );

/** The same with one opened or closed; undefined: none is open. */
export function withTable(values: string | undefined, key: string): string | undefined {
  const open = new Set(openTables(values));
  if (!open.delete(key)) open.add(key);
  return open.size === 0 ? undefined : [...open].map(encodeURIComponent).join(',');
}

/** As many as a page has charts. */
const TABLES_MAX = 16;

/** The key of the chart of durations among the tables. */
export const HEAT = 'heat';

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

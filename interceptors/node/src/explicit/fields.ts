/** A field of other people's data, whatever it is; undefined where there is none. */
export const fieldOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;

export const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);

/** A header by its name in lower case, from an object whose keys may be written in any case. */
export function headerIn(headers: unknown, name: string): string | null {
  if (typeof headers !== 'object' || headers === null) return null;
  const direct = text(Reflect.get(headers, name));
  if (direct !== null) return direct;
  const key = Object.keys(headers).find((candidate) => candidate.toLowerCase() === name);
  return key === undefined ? null : text(Reflect.get(headers, key));
}

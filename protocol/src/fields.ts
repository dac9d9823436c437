/** What a decoder reads: own properties of records, each checked before it is a value. */

export type Fields = { readonly [name: string]: unknown };

export const isRecord = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * An own property, so that nothing inherited (from a polluted prototype, say) is read as sent. A text is made well-formed:
 * half a surrogate pair would come back from a database as another text than was stored.
 */
export function own(fields: Fields, name: string): unknown {
  const value = Object.hasOwn(fields, name) ? fields[name] : undefined;
  return typeof value === 'string' ? value.toWellFormed() : value;
}

export const isText = (value: unknown, maxLength: number): value is string =>
  typeof value === 'string' && value.length <= maxLength;
export const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0;

/** The optional texts that are there, or the reason why one is not taken. */
export function optionalTexts<Name extends string>(
  fields: Fields,
  bounds: { readonly [name in Name]: number },
): { readonly [name in Name]?: string } | string {
  const texts: { [name in Name]?: string } = {};
  for (const name in bounds) {
    const value = own(fields, name);
    if (value === undefined) continue;
    if (!isText(value, bounds[name])) return `${name} is no text of at most ${bounds[name]}`;
    texts[name] = value;
  }
  return texts;
}

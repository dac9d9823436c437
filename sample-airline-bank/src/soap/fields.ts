const TEXT_LENGTH_MAX = 100;

/** A field of a message as text; undefined when it is missing, empty, no text or too long. */
export function textField(message: unknown, name: string): string | undefined {
  const value = field(message, name);
  return typeof value === 'string' && value !== '' && value.length <= TEXT_LENGTH_MAX ? value : undefined;
}

/** A field as a whole number from 0 up. `soap` gives xsd:long as a number, the server of `strong-soap` as text. */
export function wholeNumberField(message: unknown, name: string): number | undefined {
  const value = field(message, name);
  const number = typeof value === 'string' && /^\d{1,16}$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isSafeInteger(number) && number >= 0 ? number : undefined;
}

/** A repeated element: the stacks give one as itself, several as a list, none not at all. */
export function listField(message: unknown, name: string): readonly unknown[] {
  const value = field(message, name);
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}

export function field(message: unknown, name: string): unknown {
  if (typeof message !== 'object' || message === null || !Object.hasOwn(message, name)) return undefined;
  return new Map<string, unknown>(Object.entries(message)).get(name);
}

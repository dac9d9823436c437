/** What the schemas of answers are made of. An answer may have more fields later: nobody must refuse one for that. */
export const id = { type: 'string', maxLength: 64 } as const;
export const count = { type: 'integer', minimum: 0 } as const;
export const orNull = <const S>(schema: S) => ({ anyOf: [schema, { type: 'null' }] }) as const;
export const object = <const P, const R extends readonly (keyof P)[]>(properties: P, required: R) =>
  ({ type: 'object', properties, required, additionalProperties: true }) as const;
export const list = <const S>(items: S) => ({ type: 'array', items }) as const;

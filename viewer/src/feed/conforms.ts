import type { FromSchema, Schema } from '@soa-monitor/protocol';

/**
 * Whether a value has the shape that a schema of the wires describes. A tolerant reader: properties it does not know are
 * left alone, so a newer server can be watched. (Lengths are the server's business; shapes are ours.)
 */
export function conforms<const S extends Schema>(schema: S, value: unknown): value is FromSchema<S> {
  return matches(schema, value);
}

function matches(schema: Schema, value: unknown): boolean {
  if ('anyOf' in schema) return schema.anyOf.some((member) => matches(member, value));
  if ('const' in schema) return value === schema.const;
  if ('enum' in schema) return schema.enum.some((member) => member === value);
  switch (schema.type) {
    case 'string':
      return typeof value === 'string';
    case 'integer':
      return Number.isInteger(value);
    case 'number':
      return typeof value === 'number' && Number.isFinite(value);
    case 'boolean':
      return typeof value === 'boolean';
    case 'null':
      return value === null;
    case 'array':
      return (
        Array.isArray(value) && ('prefixItems' in schema ? matchesTuple(schema, value) : matchesEach(schema, value))
      );
    case 'object':
      return isRecord(value) && ('properties' in schema ? matchesFields(schema, value) : matchesMap(schema, value));
  }
}

type Of<Name extends string> = Extract<Schema, { readonly [Key in Name]: unknown }>;

const matchesTuple = (schema: Of<'prefixItems'>, value: readonly unknown[]): boolean =>
  value.length >= schema.minItems && schema.prefixItems.every((item, index) => matches(item, value[index]));

const matchesEach = (schema: Extract<Schema, { items: Schema }>, value: readonly unknown[]): boolean =>
  value.every((item) => matches(schema.items, item));

function matchesFields(schema: Of<'properties'>, value: Readonly<Record<string, unknown>>): boolean {
  for (const name of schema.required) if (!Object.hasOwn(value, name)) return false;
  for (const [name, property] of Object.entries(schema.properties)) {
    if (Object.hasOwn(value, name) && !matches(property, value[name])) return false;
  }
  return true;
}

const matchesMap = (
  schema: Extract<Schema, { additionalProperties: Schema }>,
  value: Readonly<Record<string, unknown>>,
): boolean => Object.values(value).every((item) => matches(schema.additionalProperties, item));

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

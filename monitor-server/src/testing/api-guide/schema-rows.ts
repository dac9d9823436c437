import type { Schema } from '@soa-monitor/protocol';

/** A line of a table of fields: where it stands, what it holds, what it means. */
export interface FieldRow {
  readonly path: string;
  readonly type: string;
  readonly meaning: string;
}

/** Objects told before, by their whole schema, and where: the same one is told once in a guide. */
export type Told = Map<string, string>;

const DEPTH_MAX = 6;
/** A smaller object is told again: shorter than to point at it. */
const TOLD_FIELDS_MIN = 3;

/** The fields of a schema, those of objects within it included. `where` names this schema for those that point at it. */
export function fieldRows(schema: Schema, where: string, told: Told): readonly FieldRow[] {
  const rows: FieldRow[] = [];
  const walk = (of: Schema, path: string, depth: number): void => {
    const { inner, suffix } = innermost(of);
    if (!('properties' in inner) || depth > DEPTH_MAX) return;
    const key = JSON.stringify(inner);
    const known = told.get(key);
    if (known !== undefined) {
      rows.push({ path: `${path}${suffix}` || 'all', type: 'object', meaning: `as ${known}` });
      return;
    }
    const place = `${path}${suffix}`;
    if (Object.keys(inner.properties).length >= TOLD_FIELDS_MIN)
      told.set(key, place === '' ? where : `\`${place}\` of ${where}`);
    for (const [name, field] of Object.entries(inner.properties)) {
      const at = place === '' ? name : `${place}.${name}`;
      const meaning = [inner.required.includes(name) ? '' : 'optional', meaningOf(field)].filter(Boolean).join('; ');
      rows.push({ path: at, type: typeOf(field), meaning });
      if ('prefixItems' in innermost(field).inner) rows.push(...itemRows(field, at));
      walk(field, at, depth + 1);
    }
  };
  walk(schema, '', 0);
  return rows;
}

/** Of a row given as an array: each place by its number. */
function itemRows(field: Schema, at: string): readonly FieldRow[] {
  const { inner, suffix } = innermost(field);
  if (!('prefixItems' in inner)) return [];
  return inner.prefixItems.map((item, index) => ({
    path: `${at}${suffix}[${index}]`,
    type: typeOf(item),
    meaning: meaningOf(item),
  }));
}

/** Through lists, maps and "or null" to what is held. */
function innermost(schema: Schema, suffix = ''): { readonly inner: Schema; readonly suffix: string } {
  if ('anyOf' in schema) {
    const [only, ...more] = schema.anyOf.filter((one) => !('type' in one && one.type === 'null'));
    return only === undefined || more.length > 0 ? { inner: schema, suffix } : innermost(only, suffix);
  }
  if ('items' in schema && schema.items !== false) return innermost(schema.items, `${suffix}[]`);
  if ('additionalProperties' in schema && typeof schema.additionalProperties === 'object')
    return innermost(schema.additionalProperties, `${suffix}.*`);
  return { inner: schema, suffix };
}

/** In words, with its bounds. */
export function typeOf(schema: Schema): string {
  if ('const' in schema) return `\`${schema.const}\``;
  if ('enum' in schema) return schema.enum.map((value) => `\`${value}\``).join(', ');
  if ('anyOf' in schema) return schema.anyOf.map(typeOf).join(' or ');
  switch (schema.type) {
    case 'string':
      return `text${schema.maxLength === undefined ? '' : ` of up to ${schema.maxLength}`}`;
    case 'integer':
    case 'number':
      return `${schema.type === 'integer' ? 'whole number' : 'number'}${boundsOf(schema.minimum, schema.maximum)}`;
    case 'boolean':
    case 'null':
      return schema.type;
    case 'array':
      if (schema.items === false)
        return `list of ${schema.minItems}${schema.prefixItems.length > schema.minItems ? ' or more' : ''}`;
      return `list${schema.maxItems === undefined ? '' : ` of up to ${schema.maxItems.toLocaleString('en')}`}`;
    case 'object':
      return 'properties' in schema ? 'object' : 'map';
  }
}

function boundsOf(least: number | undefined, most: number | undefined): string {
  if (most === undefined || most === Number.MAX_SAFE_INTEGER)
    return least === undefined || least === 0 ? '' : ` from ${least}`;
  return ` ${least ?? ''} to ${most.toLocaleString('en')}`.replace('  ', ' ');
}

const meaningOf = (schema: Schema): string => ('description' in schema ? (schema.description ?? '') : '');

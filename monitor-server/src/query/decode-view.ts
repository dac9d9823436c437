import { type Place, placeSchema, type View, viewSchema } from '@soa-monitor/protocol';

export type DecodedView =
  | { readonly kind: 'view'; readonly view: View }
  | { readonly kind: 'invalid'; readonly reasons: readonly string[] };
export type DecodedPlace =
  | { readonly kind: 'place'; readonly place: Place | null }
  | { readonly kind: 'invalid'; readonly reasons: readonly string[] };

/** The border for a view. Entries become own properties, so a node named __proto__ stays a name. */
export function decodeView(value: unknown): DecodedView {
  const reasons: string[] = [];
  if (!isRecord(value)) return { kind: 'invalid', reasons: ['a view is a JSON object'] };
  for (const name of Object.keys(value)) {
    if (name !== 'nodes' && name !== 'settings') reasons.push(`there is no field ${name.slice(0, 40)}`);
  }
  const nodes = entriesOf(value, 'nodes', viewSchema.properties.nodes.maxProperties, reasons).flatMap(([id, place]) => {
    const decoded = decodePlace(place);
    if (decoded.kind === 'place' && decoded.place !== null && id.length <= 64) return [[id, decoded.place] as const];
    reasons.push(`nodes: the place of ${id.slice(0, 64)} is not { x, y, pinned, charge? }`);
    return [];
  });
  const settings = entriesOf(value, 'settings', viewSchema.properties.settings.maxProperties, reasons).flatMap(
    ([name, setting]) => {
      if (name.length <= 64 && isSetting(setting)) return [[name, setting] as const];
      reasons.push(`settings: ${name.slice(0, 64)} is no text of at most 1,000, number or boolean`);
      return [];
    },
  );
  if (reasons.length > 0) return { kind: 'invalid', reasons: reasons.slice(0, 100) };
  return { kind: 'view', view: { nodes: Object.fromEntries(nodes), settings: Object.fromEntries(settings) } };
}

/** The border for one node's place; null takes it away. */
export function decodePlace(value: unknown): DecodedPlace {
  if (value === null) return { kind: 'place', place: null };
  if (!isRecord(value)) return { kind: 'invalid', reasons: ['a place is null or { x, y, pinned, charge? }'] };
  const reasons = Object.keys(value).flatMap((name) =>
    Object.hasOwn(placeSchema.properties, name) ? [] : [`there is no field ${name.slice(0, 40)}`],
  );
  const { x, y, pinned, charge } = value;
  const { minimum, maximum } = placeSchema.properties.charge;
  if (!isNumber(x) || !isNumber(y)) reasons.push('x and y are no numbers');
  if (typeof pinned !== 'boolean') reasons.push('pinned is no boolean');
  if (charge !== undefined && (!isNumber(charge) || charge < minimum || charge > maximum)) {
    reasons.push(`charge is no number from ${minimum} to ${maximum}`);
  }
  if (reasons.length > 0 || !isNumber(x) || !isNumber(y)) return { kind: 'invalid', reasons };
  return { kind: 'place', place: { x, y, pinned: pinned === true, ...(isNumber(charge) ? { charge } : {}) } };
}

type Fields = { readonly [name: string]: unknown };

const isRecord = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);
const isSetting = (value: unknown): value is string | number | boolean =>
  typeof value === 'boolean' || isNumber(value) || (typeof value === 'string' && value.length <= 1_000);

function entriesOf(fields: Fields, name: string, max: number, reasons: string[]): readonly [string, unknown][] {
  const value = Object.hasOwn(fields, name) ? fields[name] : undefined;
  const entries = isRecord(value) ? Object.entries(value) : null;
  if (entries !== null && entries.length <= max) return entries;
  reasons.push(entries === null ? `${name} is no object` : `${name} has more than ${max} entries`);
  return [];
}

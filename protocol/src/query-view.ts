import type { FromSchema } from './schema.ts';

// What a view keeps.

const placeFields = {
  x: { type: 'number' },
  y: { type: 'number' },
  pinned: { type: 'boolean' },
  charge: { type: 'number', minimum: -10_000, maximum: 10_000, description: 'Absent: the default charge' },
} as const;

export const placeSchema = {
  type: 'object',
  description: "A node's kept place in a view, in scene units",
  properties: placeFields,
  required: ['x', 'y', 'pinned'],
  additionalProperties: false,
} as const;

export const viewSchema = {
  type: 'object',
  properties: {
    nodes: { type: 'object', additionalProperties: placeSchema, maxProperties: 50_000 },
    settings: {
      type: 'object',
      additionalProperties: { anyOf: [{ type: 'string', maxLength: 1_000 }, { type: 'number' }, { type: 'boolean' }] },
      maxProperties: 100,
    },
  },
  required: ['nodes', 'settings'],
  additionalProperties: false,
} as const;

export type Place = FromSchema<typeof placeSchema>;
export type View = FromSchema<typeof viewSchema>;

import { explainSchema } from './explain.ts';
import { nodeSchema } from './live.ts';
import { LEVELS, linkFiguresSchema, windowSchema } from './queries.ts';
import { count, list, object, orNull } from './query-shapes.ts';
import type { FromSchema } from './schema.ts';

// What is different between two windows, and how sure that is.

const onlyOnceSchema = object(
  {
    ...linkFiguresSchema.properties,
    tooLittle: { type: 'boolean', description: 'So few calls that their absence in the other window proves nothing' },
  },
  linkFiguresSchema.required,
);

const verdict = (description: string) =>
  ({
    enum: ['more', 'less', 'same', 'tooLittle'],
    description: `${description}; tooLittle: the data cannot say`,
  }) as const;
const micros = object({ low: count, high: count }, ['low', 'high']);

export const linkDifferenceSchema = object(
  {
    rateBefore: { type: 'number', description: 'Exchanges that ended, per second of the window' },
    rateAfter: { type: 'number' },
    faultShareBefore: { ...orNull({ type: 'number' }), description: '(faults + errors) / all' },
    faultShareAfter: orNull({ type: 'number' }),
    faultShare: {
      ...orNull(
        object({ difference: { type: 'number' }, low: { type: 'number' }, high: { type: 'number' } }, [
          'difference',
          'low',
          'high',
        ]),
      ),
      description: 'After less before, with its 95 % interval (Newcombe)',
    },
    faultShareVerdict: verdict('same: the interval lies within 5 points'),
    p95Before: { ...orNull(micros), description: '95 % interval of the p95, µs; null: too few exchanges' },
    p95After: orNull(micros),
    p95Verdict: verdict('more: slower. same: the intervals overlap'),
  },
  [
    'rateBefore',
    'rateAfter',
    'faultShareBefore',
    'faultShareAfter',
    'faultShare',
    'faultShareVerdict',
    'p95Before',
    'p95After',
    'p95Verdict',
  ],
);

export const compareSchema = object(
  {
    window: windowSchema,
    window2: windowSchema,
    level: { enum: LEVELS },
    nodes: list(nodeSchema),
    added: list(onlyOnceSchema),
    gone: list(onlyOnceSchema),
    changed: list(
      object({ before: linkFiguresSchema, after: linkFiguresSchema, difference: linkDifferenceSchema }, [
        'before',
        'after',
      ]),
    ),
    explain: explainSchema,
    explain2: explainSchema,
  },
  ['window', 'window2', 'level', 'nodes', 'added', 'gone', 'changed'],
);

export type Comparison = FromSchema<typeof compareSchema>;
export type LinkDifference = FromSchema<typeof linkDifferenceSchema>;

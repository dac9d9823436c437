/** What of the charts page stands in its address; what is as it begins is left out. */
export interface ChartsSearch {
  /** One chart for each node, link, operation or client; absent: all traffic, by every measure. */
  readonly split?: Split;
  /** What the small charts show when there is a split. */
  readonly measure?: MeasureName;
  /** Which charts have their table open: see `open-tables.ts`. */
  readonly values?: string;
}

export const MEASURE_NAMES = ['rate', 'failed', 'bytes', 'latency'] as const;
export type MeasureName = (typeof MEASURE_NAMES)[number];

export const SPLITS = ['node', 'link', 'operation', 'client'] as const;
export type Split = (typeof SPLITS)[number];

export const readChartsSearch = (raw: Record<string, unknown>): ChartsSearch => {
  const split = SPLITS.find((name) => name === raw.split);
  const measure = MEASURE_NAMES.find((name) => name === raw.measure && name !== MEASURE_NAMES[0]);
  const { values } = raw;
  return {
    ...(split === undefined ? {} : { split }),
    ...(measure === undefined ? {} : { measure }),
    ...(typeof values === 'string' && values !== '' && values.length <= VALUES_LENGTH_MAX ? { values } : {}),
  };
};

const VALUES_LENGTH_MAX = 4_000;

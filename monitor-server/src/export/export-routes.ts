import { exchangesQuery } from '../query/exchange-routes.ts';
import type { Parameters } from '../query/parameters.ts';
import type { Route } from '../query/route.ts';
import { EXPORT_FORMATS, EXPORT_SUBJECTS, type Exported, estimatedRows, exportFile } from './export-file.ts';

export const exportRoutes: readonly Route[] = [
  {
    method: 'get',
    path: '/export',
    summary: 'Exchanges (newest first) or traffic (by step, link and operation) of a window as a file, streamed',
    answers: {
      'text/csv': { type: 'string' },
      'application/x-ndjson': { type: 'string' },
      'application/vnd.apache.parquet': { type: 'string', description: 'Binary' },
    },
    read(parameters) {
      const exported = readExported(parameters);
      return async ({ parts: { store } }) => ({
        kind: 'file',
        file: exportFile({ ...store.aside, export: store.export }, exported),
        estimatedRows: await estimatedRows(store.aside, exported),
      });
    },
  },
];

/** Other files, and spans, are read by the same reader, which comes to them between pages. */
const ROWS_PER_PAGE = 500;
const STEP_MICROS = 60_000_000;
/** Each is a question to the store. */
const STEPS_MAX = 50_000;
/** Steps of a window for which none is given, at most. */
const STEPS_DEFAULT = 1_440;

/** What is to be exported, as a query says it. The command line says it by the same names. */
export function readExported(parameters: Parameters): Exported {
  const what = parameters.oneOf('what', EXPORT_SUBJECTS, 'exchanges unless given') ?? 'exchanges';
  const format = parameters.oneOf('format', EXPORT_FORMATS, 'csv unless given') ?? 'csv';
  const isWithBodies = parameters.oneOf(
    'bodies',
    ['true', 'false'],
    'Captured bodies too, of exchanges; false unless given',
  );
  const step = parameters.duration('step', 'Of traffic: width of a step; a minute, or more in a window over a day');
  const query = exchangesQuery(parameters, { cursor: null, limit: ROWS_PER_PAGE });
  if (what === 'exchanges') {
    if (step !== null) parameters.refuse('step is for traffic only');
    return { what, format, query: { ...query, bodies: isWithBodies === 'true' } };
  }
  const { window, node, link, operation, outcome, minDurationMicros, fault, text } = query;
  if (outcome !== null || minDurationMicros !== null || fault !== null || text !== null || isWithBodies === 'true') {
    parameters.refuse('outcome, minDuration, fault, text and bodies are for exchanges only');
  }
  const span = window.to - window.from;
  const stepMicros = step ?? Math.max(1, Math.ceil(span / STEPS_DEFAULT / STEP_MICROS)) * STEP_MICROS;
  if (stepMicros < 1_000_000) parameters.refuse('step is less than a second');
  if (span / Math.max(1, stepMicros) > STEPS_MAX)
    parameters.refuse(`step makes more than ${STEPS_MAX} steps of this window`);
  return { what, format, query: { window, stepMicros, node, link, operation } };
}

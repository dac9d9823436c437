import { problemSchema, REPORT_VERSION, reportAnswerSchema, reportSchema, type Schema } from '@soa-monitor/protocol';
import { readParameters } from './parameters.ts';
import type { Route } from './route.ts';

/** The OpenAPI 3.1 document, from the routes' own schemas and decoders. */
export function openApi(routes: readonly Route[]) {
  const paths: { [path: string]: { [method: string]: unknown } } = { '/api/v1/reports': { post: reportOperation } };
  for (const route of routes) {
    const path = `/api/v1${route.path.replace(/:(\w+)/g, '{$1}')}`;
    paths[path] = { ...paths[path], [route.method]: operationOf(route) };
  }
  return {
    openapi: '3.1.0',
    jsonSchemaDialect: 'https://json-schema.org/draft/2020-12/schema',
    info: {
      title: 'SOA Monitor',
      version: '1',
      description: 'Times are epoch µs, durations µs. Every error is a problem document (RFC 9457).',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    paths,
    components: {
      schemas: { Problem: problemSchema },
      securitySchemes: {
        ingestKey: { type: 'http', scheme: 'bearer', description: 'For reports' },
        viewerToken: {
          type: 'http',
          scheme: 'bearer',
          description: 'Where one is set: for all but reports and /healthz',
        },
      },
    },
  };
}

const problemAnswer = {
  description: 'A problem document',
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
};

const reportOperation = {
  summary: 'Takes a report; answers after the commit',
  security: [{ ingestKey: [] }],
  requestBody: {
    required: true,
    description: `A report of version ${REPORT_VERSION}; Content-Encoding gzip is taken`,
    content: { 'application/json': { schema: reportSchema } },
  },
  responses: {
    202: { description: 'Stored', content: { 'application/json': { schema: reportAnswerSchema } } },
    default: problemAnswer,
  },
};

function operationOf(route: Route) {
  const parameters = readParameters({}, new URLSearchParams(), 1);
  route.read(parameters);
  return {
    summary: route.summary,
    security: [{}, { viewerToken: [] }],
    parameters: parameters.asked().map(({ name, in: place, description, schema }) => ({
      name,
      in: place,
      description,
      required: place === 'path',
      schema,
    })),
    ...(route.body
      ? { requestBody: { required: true, content: contentOf({ 'application/json': route.body.schema }) } }
      : {}),
    responses: { 200: { description: route.summary, content: contentOf(route.answers) }, default: problemAnswer },
  };
}

const contentOf = (answers: { readonly [mediaType: string]: Schema }) =>
  Object.fromEntries(Object.entries(answers).map(([mediaType, schema]) => [mediaType, { schema }]));

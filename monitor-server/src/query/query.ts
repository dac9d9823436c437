import type { IncomingMessage } from 'node:http';
import { type Request, type Response, Router } from 'express';
import { exportRoutes } from '../export/export-routes.ts';
import { createFileSender } from '../export/send-file.ts';
import { problem, sendProblem } from '../problem/problem.ts';
import { exchangeRoutes } from './exchange-routes.ts';
import { openApi } from './open-api.ts';
import { readParameters } from './parameters.ts';
import { pictureRoutes } from './picture-routes.ts';
import { readJson } from './read-json.ts';
import { registerRoutes } from './register-routes.ts';
import type { Answer, QueryParts, Route } from './route.ts';
import { createPageSender } from './send-page.ts';
import { viewRoutes } from './view-routes.ts';

const routes: readonly Route[] = [
  ...pictureRoutes,
  ...exchangeRoutes,
  ...exportRoutes,
  ...registerRoutes,
  ...viewRoutes,
];

const EXPORTS_MAX = 4;
/** A page is some 300 kB at most, so all of them are some 10 MB. */
const PAGES_MAX = 32;
const PAGE_TAKEN_MILLIS = 30_000;

/** The routes under /api/v1 and /api/openapi.json, for express. A route that fails rejects: the composition answers 500. */
export function createQuery(parts: QueryParts): Router {
  const router = Router({ caseSensitive: true, strict: true });
  const sendFile = createFileSender({ concurrent: EXPORTS_MAX, metrics: parts.metrics });
  const sendPage = createPageSender({ concurrent: PAGES_MAX, takenMillis: PAGE_TAKEN_MILLIS });
  for (const route of routes) {
    router[route.method](`/api/v1${route.path}`, async (request, response) => {
      const answer = await answerOf(route, parts, request);
      if (answer?.kind === 'file') await sendFile(response, answer);
      else if (answer?.kind === 'page') await sendPage(request, response, answer);
      else if (answer !== null) send(response, answer);
    });
  }
  const document = JSON.stringify(openApi(routes));
  router.get('/api/openapi.json', (_request, response) => {
    response.type('application/json').send(document);
  });
  for (const path of new Set(routes.map((route) => `/api/v1${route.path}`)).add('/api/openapi.json')) {
    const methods = routes.filter((route) => `/api/v1${route.path}` === path).map(({ method }) => method.toUpperCase());
    const allow = methods.length === 0 ? 'GET, HEAD' : methods.join(', ').replace('GET', 'GET, HEAD');
    router.all(path, (_request, response) => {
      sendProblem(response, problem(405, 'method', `this takes ${allow}`), { Allow: allow });
    });
  }
  return router;
}

/** Null: whoever asked has gone. */
async function answerOf(route: Route, parts: QueryParts, request: Request): Promise<Answer | null> {
  const parameters = readParameters(request.params, searchOf(request), parts.clock.now());
  const run = route.read(parameters);
  const reasons = parameters.reasons();
  if (reasons.length > 0) {
    return { kind: 'problem', problem: problem(400, 'invalid-parameters', reasons.join('; '), reasons) };
  }
  if (route.body === undefined) return run({ parts, request, body: null });
  const body = await readJson(request, route.body.bytesMax);
  switch (body.kind) {
    case 'cutOff':
      return null;
    case 'problem':
      return body;
    case 'value':
      return run({ parts, request, body: body.value });
  }
}

function send(response: Response, answer: Exclude<Answer, { kind: 'file' | 'page' }>): void {
  // What can be asked for again by its tag may be kept; nothing else, for messages may be in it.
  const isTagged = answer.kind === 'notModified' || (answer.kind === 'json' && answer.etag !== undefined);
  response.setHeader('Cache-Control', isTagged ? 'no-cache' : 'no-store');
  switch (answer.kind) {
    case 'problem':
      sendProblem(response, answer.problem);
      break;
    case 'notModified':
      response.setHeader('ETag', answer.etag);
      response.status(304).end();
      break;
    case 'json':
      if (answer.etag !== undefined) response.setHeader('ETag', answer.etag);
      response.setHeader('Content-Type', 'application/json');
      response.end(JSON.stringify(answer.body));
  }
}

const searchOf = (request: IncomingMessage): URLSearchParams => {
  const url = request.url ?? '';
  const mark = url.indexOf('?');
  return new URLSearchParams(mark < 0 ? '' : url.slice(mark + 1));
};

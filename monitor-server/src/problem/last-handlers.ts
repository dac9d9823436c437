import type { ErrorRequestHandler, Request, Response } from 'express';
import type { Log } from '../log.ts';
import { problem, sendProblem } from './problem.ts';
import { DAMAGED, storeFailure } from './store-failure.ts';

export function answerNotFound(_request: Request, response: Response): void {
  sendProblem(response, problem(404, 'not-found', 'there is nothing here'));
}

/** The one place where a failed request ends: logged with its stack, answered without. Where the disk is the cause, it says so. */
export function createFailureHandler(log: Log): ErrorRequestHandler {
  // Express knows an error handler by its four parameters.
  return (error: unknown, request, response, _next) => {
    if (error instanceof URIError) {
      sendProblem(response, problem(400, 'request-target', 'the path cannot be decoded'));
      return;
    }
    log.error({ err: error, method: request.method, path: request.path }, 'a request failed');
    const failure = storeFailure(error);
    if (failure === DAMAGED) return sendProblem(response, problem(500, 'store', failure));
    if (failure !== null) return sendProblem(response, problem(503, 'store', failure), { 'Retry-After': '1' });
    sendProblem(response, problem(500, 'failed', 'the server failed at this request; its log says why'));
  };
}

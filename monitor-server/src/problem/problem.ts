import { type ServerResponse, STATUS_CODES } from 'node:http';
import type { Problem } from '@soa-monitor/protocol';

/** A problem document (RFC 9457). `word` names the kind of problem for programs, `detail` tells a person what to do. */
export function problem(status: number, word: string, detail: string, reasons?: readonly string[]): Problem {
  const title = STATUS_CODES[status] ?? 'Error';
  return { type: `urn:soa-monitor:problem:${word}`, title, status, detail, ...(reasons ? { reasons } : {}) };
}

export function sendProblem(
  response: ServerResponse,
  facts: Problem,
  headers: { readonly [name: string]: string } = {},
): void {
  if (response.headersSent) {
    // Too late for an answer: what was begun is cut off, so that nobody takes it for whole.
    response.destroy();
    return;
  }
  const body = Buffer.from(JSON.stringify(facts));
  response.writeHead(facts.status, {
    'Content-Type': 'application/problem+json',
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
    'Content-Length': body.length,
    ...headers,
  });
  response.end(body);
}

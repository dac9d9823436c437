import type { IncomingMessage } from 'node:http';
import { type Problem, REPORT_LIMITS } from '@soa-monitor/protocol';
import { readBody } from '../body/read-body.ts';
import { problem } from '../problem/problem.ts';
import { inflate } from './inflate.ts';

export type ReadReport =
  | { readonly kind: 'value'; readonly value: unknown }
  | { readonly kind: 'problem'; readonly problem: Problem; readonly headers: { readonly [name: string]: string } }
  | { readonly kind: 'cutOff' };

/** From the request's bytes to what JSON.parse gives: type, encoding and size are looked at here, content is not. */
export async function readReport(request: IncomingMessage): Promise<ReadReport> {
  const [mediaType] = (request.headers['content-type'] ?? '').split(';', 1);
  if (mediaType?.trim().toLowerCase() !== 'application/json') {
    return refused(problem(415, 'media-type', 'a report is application/json'), { Accept: 'application/json' });
  }
  const encoding = (request.headers['content-encoding'] ?? 'identity').trim().toLowerCase();
  if (encoding !== 'identity' && encoding !== 'gzip') {
    return refused(problem(415, 'encoding', 'a report may be compressed by gzip only'), { 'Accept-Encoding': 'gzip' });
  }
  const body = await readBody(request, REPORT_LIMITS.bytes);
  if (body.kind === 'cutOff') return body;
  if (body.kind === 'tooLarge') return refused(tooLarge);
  if (encoding === 'identity') return parsed(body.bytes);
  const inflated = await inflate(body.bytes, REPORT_LIMITS.bytes);
  if (inflated.kind === 'tooLarge') return refused(tooLarge);
  if (inflated.kind === 'notGzip') return refused(problem(400, 'not-gzip', 'the body is not whole gzip'));
  return parsed(inflated.bytes);
}

const tooLarge = problem(413, 'too-large', `a report has at most ${REPORT_LIMITS.bytes} bytes, also when inflated`);

const refused = (facts: Problem, headers: { readonly [name: string]: string } = {}): ReadReport => ({
  kind: 'problem',
  problem: facts,
  headers,
});

function parsed(bytes: Buffer): ReadReport {
  try {
    return { kind: 'value', value: JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) };
  } catch {
    return refused(problem(400, 'not-json', 'the report is not JSON in UTF-8', ['the body is not JSON in UTF-8']));
  }
}

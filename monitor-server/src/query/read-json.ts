import type { IncomingMessage } from 'node:http';
import type { Problem } from '@soa-monitor/protocol';
import { readBody } from '../body/read-body.ts';
import { problem } from '../problem/problem.ts';

export type ReadJson =
  | { readonly kind: 'value'; readonly value: unknown }
  | { readonly kind: 'problem'; readonly problem: Problem }
  | { readonly kind: 'cutOff' };

/** The body of a request as JSON.parse gives it. The media type is asked for, so that no page of another site can send it. */
export async function readJson(request: IncomingMessage, bytesMax: number): Promise<ReadJson> {
  const [mediaType] = (request.headers['content-type'] ?? '').split(';', 1);
  if (mediaType?.trim().toLowerCase() !== 'application/json' || request.headers['content-encoding'] !== undefined) {
    return { kind: 'problem', problem: problem(415, 'media-type', 'the body is application/json, not compressed') };
  }
  const body = await readBody(request, bytesMax);
  if (body.kind === 'cutOff') return body;
  if (body.kind === 'tooLarge') {
    return { kind: 'problem', problem: problem(413, 'too-large', `the body has at most ${bytesMax} bytes`) };
  }
  try {
    return { kind: 'value', value: JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body.bytes)) };
  } catch {
    return { kind: 'problem', problem: problem(400, 'not-json', 'the body is not JSON in UTF-8') };
  }
}

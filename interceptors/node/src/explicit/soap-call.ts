import { Readable } from 'node:stream';
import type { ContentType } from '../envelope/content-type.ts';
import type { Exchange } from '../observation/exchange.ts';
import { holdChunk, releaseBody } from '../observation/held-body.ts';
import type { RunningInterceptor } from '../running.ts';
import { authority } from '../tap/addresses.ts';
import { failureOf } from '../tap/client-failure.ts';
import { observeMethod } from '../tap/patches.ts';
import { holdBuffered } from './buffered.ts';
import { fieldOf, headerIn } from './fields.ts';
import { beginTextRequest } from './text-request.ts';

/** A call that a SOAP client is about to make. Null for what is none, such as the reading of a WSDL. */
export function beginCall(
  { core, causes, passTraceparent }: RunningInterceptor,
  location: unknown,
  xml: unknown,
  headers: unknown,
): Exchange | null {
  const url = typeof location === 'string' && URL.canParse(location) ? new URL(location) : null;
  if (url === null || typeof xml !== 'string') {
    core.observatory.countNoise();
    return null;
  }
  const startedAt = core.clock.now();
  const cause = causes.current(startedAt);
  const address = authority(url.host, url.protocol);
  return beginTextRequest(core, {
    ...{ role: 'client', startedAt, parentNo: cause?.exchangeNo ?? null, address, path: url.pathname, headers, xml },
    traceparent: headerIn(headers, 'traceparent') ?? passTraceparent?.(address, cause) ?? null,
  });
}

/** The headers to call with: the same object, unless a traceparent is passed on. */
export function passedHeaders({ target }: Exchange, headers: unknown): unknown {
  const { traceparent } = target;
  if (traceparent === null || headerIn(headers, 'traceparent') !== null) return headers;
  return { ...(typeof headers === 'object' ? headers : {}), traceparent };
}

/** What the client's callback was told: an error, or a response and its body as text. */
export function settleCall(
  { core }: RunningInterceptor,
  exchange: Exchange,
  error: unknown,
  response: unknown,
  body: unknown,
): void {
  if (exchange.hasEnded) return;
  const now = core.clock.now();
  const answer = response ?? fieldOf(error, 'response');
  readSent(core, exchange, fieldOf(answer, 'config') ?? fieldOf(error, 'config'));
  if (readHead(core, exchange, answer)) {
    const data = body ?? fieldOf(answer, 'data');
    if (holdChunk(exchange.reply, data, undefined)) exchange.replyFirstAt = now;
    // The body is what the client made of it; what came is what its length says.
    const length = Number(headerIn(fieldOf(answer, 'headers'), 'content-length') ?? Number.NaN);
    if (Number.isSafeInteger(length) && length > 0) exchange.reply.bytes = length;
    exchange.replyLastAt = now;
  } else exchange.failure = failureOf(error, null, false);
  core.observatory.end(exchange, now);
}

/** A response whose body the client reads as a stream: its chunks are seen as they are pushed. */
export function followStream({ core }: RunningInterceptor, exchange: Exchange, response: unknown): void {
  const { clock, guard, observatory } = core;
  const stream = fieldOf(response, 'data');
  readSent(core, exchange, fieldOf(response, 'config'));
  if (!readHead(core, exchange, response) || !(stream instanceof Readable)) {
    exchange.failure = 'aborted';
    observatory.end(exchange, clock.now());
    return;
  }
  const end = (): void => {
    const now = clock.now();
    exchange.replyLastAt = now;
    observatory.end(exchange, now);
  };
  const isWhole = holdBuffered(stream, exchange.reply);
  if (exchange.reply.bytes > 0) exchange.replyFirstAt = clock.now();
  if (isWhole) end();
  else
    observeMethod(
      stream,
      'push',
      (_self, chunk, encoding) => {
        if (chunk === null) end();
        else if (!exchange.hasEnded && holdChunk(exchange.reply, chunk, encoding))
          exchange.replyFirstAt ??= clock.now();
        return false;
      },
      guard,
      false,
    );
}

/** Attachments and gzip are made by the HTTP client: then its own record of what it sent is the truth. */
function readSent({ readContentType }: RunningInterceptor['core'], exchange: Exchange, config: unknown): void {
  const sent = fieldOf(config, 'data');
  const headers = fieldOf(config, 'headers');
  const contentType = headerIn(headers, 'content-type');
  if (contentType === null || (typeof sent !== 'string' && !(sent instanceof Uint8Array))) return;
  if (typeof sent === 'string' && Buffer.byteLength(sent) === exchange.request.bytes) return;
  releaseBody(exchange.request);
  exchange.request.bytes = 0;
  holdChunk(exchange.request, sent, undefined);
  exchange.target = {
    ...exchange.target,
    contentType: readContentType(contentType),
    compression: headerIn(headers, 'content-encoding'),
  };
}

/** False when there was no answer. */
function readHead(
  { clock, readContentType }: RunningInterceptor['core'],
  exchange: Exchange,
  answer: unknown,
): boolean {
  const status = fieldOf(answer, 'status') ?? fieldOf(answer, 'statusCode');
  if (typeof status !== 'number') return false;
  const headers = fieldOf(answer, 'headers');
  const location = headerIn(headers, 'location');
  exchange.replyHead = {
    status,
    contentType: decoded(readContentType(headerIn(headers, 'content-type') ?? '')),
    compression: null,
    location,
  };
  if (status >= 300) exchange.rejectedAt = clock.now();
  return true;
}

/** The client's body is text, decoded already, and of a multipart reply it is the root. */
const decoded = (contentType: ContentType): ContentType => ({
  ...contentType,
  mediaType: contentType.mediaType.startsWith('multipart/') ? 'text/xml' : contentType.mediaType,
  charset: 'utf-8',
});

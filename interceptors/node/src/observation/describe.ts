import { type Extras, type Identifiers, type Outcome, REPORT_LIMITS, type ReportedRow } from '@soa-monitor/protocol';
import { recallMessage } from '../envelope/known-openings.ts';
import { hasKnownShape, learnShape } from '../envelope/known-shapes.ts';
import { idOf } from '../envelope/message-facts.ts';
import { messageText, type ReadMessage } from '../envelope/read-message.ts';
import { checkWellFormed } from '../envelope/well-formed.ts';
import type { Exchange } from './exchange.ts';
import { HELD_BYTES_MAX } from './held-body.ts';
import { decideOutcome, type Ending } from './outcome.ts';
import type { Route, Routes } from './routes.ts';

/** A row to be. The queue gives it its number; it is the queue's from then on, so that no copy is made. */
export type Observation = { rowSeq: number } & Omit<ReportedRow, 'rowSeq'>;

/** What few exchanges have: attempts, attachments, a body's hash, captured bodies. Null: nothing of it. */
export type ReadExtras = (
  exchange: Exchange,
  request: ReadMessage | null,
  reply: ReadMessage | null,
  hasEnded: boolean,
) => Extras | null;

const noExtras: ReadExtras = () => null;

/** What an exchange is reported as: still open, or (with the moment of its end) whole. Null: it turned out to be no SOAP. */
export function describeExchange(
  exchange: Exchange,
  endedAt: number | null,
  routes: Routes,
  extrasOf: ReadExtras = noExtras,
): Observation | null {
  const { target, replyHead } = exchange;
  const isFinal = endedAt !== null || exchange.requestLastAt !== null;
  const route = routes.routeOf(target);
  const request = recallMessage(route.requests, exchange.request, target.contentType, target.compression, isFinal);
  if (!target.isCertain && request?.scan.root !== 'envelope') return null;
  const hasReplyBody = replyHead !== null && replyHead.status !== 204 && replyHead.status !== 304;
  const reply =
    endedAt !== null && hasReplyBody
      ? recallMessage(route.replies, exchange.reply, replyHead.contentType, replyHead.compression, true)
      : null;
  const replyBytes = replyHead === null || hasReplyBody ? exchange.reply.bytes : 0;
  return {
    rowSeq: 0,
    exchangeNo: exchange.exchangeNo,
    part: endedAt === null ? 'open' : exchange.isReported ? 'close' : 'whole',
    call: routes.callOf(route, target, request, isFinal),
    role: exchange.role,
    parentNo: exchange.parentNo,
    start: exchange.start,
    requestLast: offset(exchange, exchange.requestLastAt),
    replyFirst: offset(exchange, exchange.replyFirstAt),
    replyLast: offset(exchange, exchange.replyLastAt),
    end: offset(exchange, endedAt),
    requestBytes: exchange.request.bytes,
    replyBytes,
    outcome:
      endedAt === null
        ? null
        : exchange.attemptOf !== null
          ? 'attempt'
          : outcomeOf(exchange, route, request, reply, replyBytes),
    status: replyHead?.status ?? 0,
    fault: reply === null ? null : routes.faultOf(route, reply),
    connection: exchange.wire?.connection ?? null,
    ordinal: exchange.wire?.connection == null ? null : exchange.ordinal,
    ids: idsOf(exchange, request, reply),
    extras: withAttempts(exchange, extrasOf(exchange, request, reply, endedAt !== null)),
  };
}

function outcomeOf(
  exchange: Exchange,
  route: Route,
  request: ReadMessage | null,
  reply: ReadMessage | null,
  replyBytes: number,
): Outcome {
  const ending: Ending = {
    failure: exchange.failure,
    status: exchange.replyHead?.status ?? 0,
    isRequestWhole: exchange.requestLastAt !== null,
    requestBytes: exchange.request.bytes,
    replyBytes,
    request: request?.scan ?? null,
    reply: reply?.scan ?? null,
  };
  return decideOutcome(ending, isMalformed, exchange, route);
}

function isMalformed({ target, request, requestLastAt }: Exchange, { shapes }: Route): boolean {
  const message = messageText(request, target.contentType, target.compression, HELD_BYTES_MAX);
  if (message === null) return false;
  const isWhole = message.isWhole && requestLastAt !== null;
  const mayBeKnown = isWhole && (message.encoding === 'utf8' || message.encoding === 'latin1');
  if (mayBeKnown && hasKnownShape(shapes, message.text)) return false;
  const found = checkWellFormed(message, requestLastAt !== null);
  if (mayBeKnown && found === 'wellFormed') learnShape(shapes, message.text);
  return found === 'malformed';
}

function idsOf(exchange: Exchange, request: ReadMessage | null, reply: ReadMessage | null): Identifiers | null {
  const { traceparent } = exchange.target;
  const messageId = idText(request?.scan.messageId, request);
  const relatesTo = idText(request?.scan.relatesTo, request) ?? idText(reply?.scan.relatesTo, reply);
  if (messageId === null && relatesTo === null && traceparent === null) return null;
  const ids: { -readonly [Name in keyof Identifiers]: Identifiers[Name] } = {};
  if (messageId !== null) ids.messageId = messageId;
  // A reply that names its own request says nothing new.
  if (relatesTo !== null && relatesTo !== messageId) ids.relatesTo = relatesTo;
  if (traceparent !== null) ids.traceparent = traceparent.slice(0, 128);
  return ids;
}

const idText = (raw: string | null | undefined, message: ReadMessage | null): string | null =>
  raw == null || message === null ? null : idOf(raw, message.encoding);

/** Whole microseconds after the start, never negative: two readings of a clock may be the same one. */
function offset(exchange: Exchange, moment: number | null): number | null {
  if (moment === null) return null;
  const micros = Math.round((moment - exchange.startedAt) * 1_000);
  return Math.min(Math.max(micros, 0), REPORT_LIMITS.offsetMicros);
}

/** Rounds of one message name each other; what took one round says nothing. */
function withAttempts({ attempts, attemptOf }: Exchange, extras: Extras | null): Extras | null {
  if (attempts === 1 && attemptOf === null) return extras;
  return { ...extras, ...(attempts === 1 ? {} : { attempts }), ...(attemptOf === null ? {} : { attemptOf }) };
}

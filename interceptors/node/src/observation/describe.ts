import {
  type Extras,
  type Fault,
  type Identifiers,
  type Outcome,
  REPORT_LIMITS,
  type ReportedRow,
} from '@soa-monitor/protocol';
import { readSlice } from '../envelope/decode-text.ts';
import { messageText, type ReadMessage, readMessage } from '../envelope/read-message.ts';
import { checkWellFormed } from '../envelope/well-formed.ts';
import type { CallBook } from './call-book.ts';
import type { Exchange } from './exchange.ts';
import { HELD_BYTES_MAX } from './held-body.ts';
import { decideOutcome } from './outcome.ts';

/** A row before it has its number. */
export type Observation = Omit<ReportedRow, 'rowSeq'>;

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
  calls: CallBook,
  extrasOf: ReadExtras = noExtras,
): Observation | null {
  const { target, replyHead } = exchange;
  const request = readMessage(exchange.request, target.contentType, target.compression);
  if (!target.isCertain && request?.scan.root !== 'envelope') return null;
  const hasReplyBody = replyHead !== null && replyHead.status !== 204 && replyHead.status !== 304;
  const reply =
    endedAt !== null && hasReplyBody ? readMessage(exchange.reply, replyHead.contentType, replyHead.compression) : null;
  const replyBytes = replyHead === null || hasReplyBody ? exchange.reply.bytes : 0;
  return {
    exchangeNo: exchange.exchangeNo,
    part: endedAt === null ? 'open' : exchange.isReported ? 'close' : 'whole',
    call: calls.callOf(target, request),
    role: exchange.role,
    parentNo: exchange.parentNo,
    start: exchange.start,
    requestLast: offset(exchange, exchange.requestLastAt),
    replyFirst: offset(exchange, exchange.replyFirstAt),
    replyLast: offset(exchange, exchange.replyLastAt),
    end: offset(exchange, endedAt),
    requestBytes: exchange.request.bytes,
    replyBytes,
    outcome: endedAt === null ? null : outcomeOf(exchange, request, reply, replyBytes),
    status: replyHead?.status ?? 0,
    fault: reply === null ? null : faultOf(reply),
    connection: exchange.wire?.connection ?? null,
    ordinal: exchange.wire?.connection == null ? null : exchange.ordinal,
    ids: idsOf(exchange, request, reply),
    extras: extrasOf(exchange, request, reply, endedAt !== null),
  };
}

function outcomeOf(
  exchange: Exchange,
  request: ReadMessage | null,
  reply: ReadMessage | null,
  replyBytes: number,
): Outcome {
  const { target } = exchange;
  return decideOutcome({
    failure: exchange.failure,
    status: exchange.replyHead?.status ?? 0,
    isRequestWhole: exchange.requestLastAt !== null,
    requestBytes: exchange.request.bytes,
    replyBytes,
    request: request?.scan ?? null,
    reply: reply?.scan ?? null,
    isMalformed: () => {
      if (request?.scan.hasDoctype) return true;
      const message = messageText(exchange.request, target.contentType, target.compression, HELD_BYTES_MAX);
      return message !== null && checkWellFormed(message, exchange.requestLastAt !== null) === 'malformed';
    },
  });
}

function faultOf({ scan, encoding }: ReadMessage): Fault | null {
  if (scan.fault === null) return null;
  const read = (text: string): string => readSlice(text, encoding).slice(0, REPORT_LIMITS.faultText);
  const { code, subcode, reason, actor, detail } = scan.fault;
  return {
    code: read(code),
    ...(subcode === undefined ? {} : { subcode: read(subcode) }),
    ...(reason === undefined ? {} : { reason: read(reason) }),
    ...(actor === undefined ? {} : { actor: read(actor) }),
    ...(detail === undefined ? {} : { detail: read(detail) }),
  };
}

function idsOf(exchange: Exchange, request: ReadMessage | null, reply: ReadMessage | null): Identifiers | null {
  const { traceparent } = exchange.target;
  const messageId = idText(request?.scan.messageId, request);
  const relatesTo = idText(request?.scan.relatesTo, request) ?? idText(reply?.scan.relatesTo, reply);
  if (messageId === null && relatesTo === null && traceparent === null) return null;
  return {
    ...(messageId === null ? {} : { messageId }),
    // A reply that names its own request says nothing new.
    ...(relatesTo === null || relatesTo === messageId ? {} : { relatesTo }),
    ...(traceparent === null ? {} : { traceparent: traceparent.slice(0, 128) }),
  };
}

const idText = (slice: string | null | undefined, message: ReadMessage | null): string | null =>
  slice == null || message === null ? null : readSlice(slice, message.encoding).slice(0, REPORT_LIMITS.messageId);

/** Whole microseconds after the start, never negative: two readings of a clock may be the same one. */
function offset(exchange: Exchange, moment: number | null): number | null {
  if (moment === null) return null;
  const micros = Math.round((moment - exchange.startedAt) * 1_000);
  return Math.min(Math.max(micros, 0), REPORT_LIMITS.offsetMicros);
}

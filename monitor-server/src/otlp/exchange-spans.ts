import {
  type Attributes,
  type HrTime,
  type Link,
  type SpanContext,
  SpanKind,
  type SpanStatus,
  SpanStatusCode,
  TraceFlags,
} from '@opentelemetry/api';
import type { Resource } from '@opentelemetry/resources';
import type { ReadableSpan, TimedEvent } from '@opentelemetry/sdk-trace-base';
import { type ExchangeDetail, isError } from '@soa-monitor/protocol';
import type { Arrival } from '../store/store.ts';
import { exchangeAttributes } from './exchange-attributes.ts';
import { readTraceparent, type SpanIds } from './trace-context.ts';

export type Side = 'client' | 'server';

export interface SpanParts {
  readonly ids: SpanIds;
  /** What the spans of each side are about; the same object for the same process, since spans are grouped by it. */
  readonly resources: { readonly [S in Side]: Resource };
}

/**
 * The spans of an exchange that has ended: CLIENT where its caller was seen, SERVER where the service was.
 *
 * Whose trace: a sampled traceparent in the message is continued (W3C Trace Context: what receives it makes its span a
 * child of the one named there), so an application that traces itself sees the SOAP hop inside its own trace; what was
 * caused by such an exchange and has none of its own goes on in that trace. A traceparent that is not sampled names a span
 * that nobody keeps: our own trace, with a link. Else the transaction is the trace. Where the parent is the application's
 * span, the exchange that caused this one is linked.
 */
export function exchangeSpans(arrival: Arrival, sides: readonly Side[], parts: SpanParts): readonly ReadableSpan[] {
  const { exchange, client } = arrival.detail;
  const { ids, resources } = parts;
  const place = placeOf(arrival, ids);
  return sides.map((side): ReadableSpan => {
    const spanContext = contextOf(place.traceId, ids.spanOf(exchange.id, side));
    const ofClient = contextOf(place.traceId, ids.spanOf(exchange.id, 'client'));
    const parent = side === 'server' && client !== null ? ofClient : place.parent;
    const { start, end } = timesOf(arrival.detail, side);
    return {
      name: nameOf(exchange),
      kind: side === 'client' ? SpanKind.CLIENT : SpanKind.SERVER,
      spanContext: () => spanContext,
      ...(parent === null ? {} : { parentSpanContext: parent }),
      startTime: hrTime(start),
      endTime: hrTime(end),
      duration: hrTime(end - start),
      status: statusOf(exchange),
      attributes: exchangeAttributes(arrival.detail, side),
      links: parent === place.parent ? [...place.links] : [],
      events: side === 'client' ? attemptsOf(arrival.detail) : [],
      ended: true,
      resource: resources[side],
      instrumentationScope: SCOPE,
      droppedAttributesCount: 0,
      droppedEventsCount: 0,
      droppedLinksCount: 0,
    };
  });
}

export const sidesSeen = ({ client, server }: ExchangeDetail): readonly Side[] => [
  ...(client === null ? [] : (['client'] as const)),
  ...(server === null ? [] : (['server'] as const)),
];

type Exchange = ExchangeDetail['exchange'];
const SCOPE = { name: 'soa-monitor' };

interface Place {
  readonly traceId: string;
  readonly parent: SpanContext | null;
  readonly links: readonly Link[];
}

function placeOf({ detail, inheritedTraceparent }: Arrival, ids: SpanIds): Place {
  const { exchange, client, server } = detail;
  const own = readTraceparent(client?.ids?.traceparent ?? server?.ids?.traceparent);
  const inherited = readTraceparent(inheritedTraceparent);
  const traceOfCause = inherited?.isSampled === true ? inherited.traceId : ids.traceOf(exchange.transaction);
  const cause = exchange.parent === null ? null : contextOf(traceOfCause, ids.spanOf(exchange.parent, 'server'));
  if (own === null) return { traceId: traceOfCause, parent: cause, links: [] };
  const named: SpanContext = { ...contextOf(own.traceId, own.spanId), isRemote: true };
  if (own.isSampled) return { traceId: own.traceId, parent: named, links: cause === null ? [] : [{ context: cause }] };
  return { traceId: traceOfCause, parent: cause, links: [{ context: { ...named, traceFlags: TraceFlags.NONE } }] };
}

const contextOf = (traceId: string, spanId: string): SpanContext => ({
  traceId,
  spanId,
  traceFlags: TraceFlags.SAMPLED,
});

/** In the caller's clock where both were seen: the store places the server's half inside the client's. */
function timesOf({ exchange, client, server }: ExchangeDetail, side: Side): { start: number; end: number } {
  const { start, durationMicros, requestReceived, replySent } = exchange;
  const whole = { start, end: start + (durationMicros ?? 0) };
  if (side === 'client' || client === null || server === null) return whole;
  // From the request's last byte to the reply's first: what is before and after is the network's.
  const from = requestReceived ?? start;
  return { start: from, end: Math.max(from, replySent ?? whole.end) };
}

const hrTime = (micros: number): HrTime => {
  const seconds = Math.floor(micros / 1_000_000);
  return [seconds, Math.round(micros - seconds * 1_000_000) * 1_000];
};

const nameOf = ({ call }: Exchange): string => call.operation?.name ?? (call.path === '' ? 'SOAP' : call.path);

/** Unset when all is well, as the conventions ask of an instrumentation. */
function statusOf({ outcome, lost, fault, status }: Exchange): SpanStatus {
  if (outcome === 'fault') {
    return { code: SpanStatusCode.ERROR, message: [fault?.code, fault?.reason].filter(Boolean).join(': ') };
  }
  if (lost) return { code: SpanStatusCode.ERROR, message: 'its process went away before it ended' };
  if (outcome === null || !isError(outcome)) return { code: SpanStatusCode.UNSET };
  return { code: SpanStatusCode.ERROR, message: outcome === 'httpError' ? `HTTP ${status}` : outcome };
}

/** HTTP rounds before this one, that carried the same message. */
const attemptsOf = ({ attempts }: ExchangeDetail): TimedEvent[] =>
  attempts.map(({ id, start, durationMicros, status, address, path }, index) => {
    const attributes: Attributes = {
      'http.request.resend_count': index,
      'soa_monitor.exchange.id': id,
      'server.address': address,
      'url.path': path,
      ...(status > 0 ? { 'http.response.status_code': status } : {}),
      ...(durationMicros === null ? {} : { 'soa_monitor.duration_us': durationMicros }),
    };
    return { name: 'attempt', time: hrTime(start), attributes };
  });

import type { Role } from '@soa-monitor/protocol';
import type { Exchange } from '../observation/exchange.ts';
import { holdChunk } from '../observation/held-body.ts';
import type { RunningInterceptor } from '../running.ts';
import { pathOf } from '../tap/addresses.ts';
import { unquoted } from '../tap/message-head.ts';
import { headerIn } from './fields.ts';

/** A request that is known as text, all of it at once, and of whose connection nothing is known. */
export interface TextRequest {
  readonly role: Role;
  readonly startedAt: number;
  readonly parentNo: number | null;
  /** host:port as called; null at the server. */
  readonly address: string | null;
  readonly path: string;
  readonly headers: unknown;
  readonly traceparent: string | null;
  readonly xml: string;
}

/** Null when too many are in flight to follow another. */
export function beginTextRequest(
  { observatory, readContentType }: RunningInterceptor['core'],
  { role, startedAt, parentNo, address, path, headers, traceparent, xml }: TextRequest,
): Exchange | null {
  const soapAction = headerIn(headers, 'soapaction');
  const exchange = observatory.begin({
    role,
    startedAt,
    parentNo,
    target: {
      address,
      path: pathOf(path),
      contentType: readContentType(headerIn(headers, 'content-type') ?? 'text/xml'),
      compression: null,
      soapAction: soapAction === null ? null : unquoted(soapAction),
      traceparent,
      isCertain: true,
    },
    wire: null,
    ordinal: null,
    isCutOff: () => false,
  });
  if (exchange === null) return null;
  holdChunk(exchange.request, xml, undefined);
  exchange.requestLastAt = startedAt;
  return exchange;
}

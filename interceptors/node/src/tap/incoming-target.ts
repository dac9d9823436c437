import type { IncomingMessage } from 'node:http';
import { PING_HEADER } from '@soa-monitor/protocol';
import type { Target } from '../observation/exchange.ts';
import { pathOf } from './addresses.ts';
import { isNamed, type ReadContentType, targetOf } from './message-head.ts';

/** The target that the headers of a request name that has arrived; null when it is no SOAP message. */
export type ReadTarget = (request: IncomingMessage) => Target | null;

export function hasPingHeader({ rawHeaders }: IncomingMessage): boolean {
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? '';
    if (name.length === PING_HEADER.length && isNamed(name, PING_HEADER)) return true;
  }
  return false;
}

/** Headers as written, and the target that they say. */
interface KnownTarget {
  readonly url: string;
  readonly type: string;
  readonly compression: string | null;
  readonly soapAction: string | null;
  readonly target: Target;
}

/** A service's few operations. */
const KNOWN_MAX = 8;

/**
 * Remembers the targets of the last requests: a service is called by the same few again and again, and to see that the headers
 * are the same as before costs less than to read them, and makes nothing new.
 */
export function createTargetReader(readContentType: ReadContentType): ReadTarget {
  const known: KnownTarget[] = [];
  let oldest = 0;

  const remembered = (
    url: string,
    type: string,
    compression: string | null,
    soapAction: string | null,
  ): Target | null => {
    for (const entry of known) {
      if (entry.url === url && entry.soapAction === soapAction && entry.type === type)
        if (entry.compression === compression) return entry.target;
    }
    return null;
  };

  return (request) => {
    if (request.method !== 'POST') return null;
    // The list as it arrived: `headers` is made only when somebody asks for it, and that costs more than all of this.
    const { rawHeaders, url = '' } = request;
    let type: string | null = null;
    let compression: string | null = null;
    let soapAction: string | null = null;
    let traceparent: string | null = null;
    for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
      const name = rawHeaders[index] ?? '';
      const value = rawHeaders[index + 1] ?? '';
      // Their lengths tell them from nearly all others, without folding the case of each.
      if (name.length === 12 && isNamed(name, 'content-type')) type ??= value;
      else if (name.length === 16 && isNamed(name, 'content-encoding'))
        compression = compression === null ? value : `${compression}, ${value}`;
      else if (name.length === 10 && isNamed(name, 'soapaction')) soapAction ??= value;
      else if (name.length === 11 && isNamed(name, 'traceparent')) traceparent ??= value;
    }
    type ??= '';
    const before = remembered(url, type, compression, soapAction);
    if (before !== null) return traceparent === null ? before : { ...before, traceparent };
    const target = targetOf({
      method: 'POST',
      address: null,
      path: pathOf(url),
      contentType: readContentType(type),
      compression: compression?.trim().toLowerCase() ?? null,
      soapAction,
      traceparent: null,
    });
    if (target === null) return null;
    known[oldest] = { url, type, compression, soapAction, target };
    oldest = (oldest + 1) % KNOWN_MAX;
    return traceparent === null ? target : { ...target, traceparent };
  };
}

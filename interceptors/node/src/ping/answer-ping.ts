import type { IncomingMessage, ServerResponse } from 'node:http';
import { formatPong, PING_ACTION, PING_HEADER, PONG_ACTION, PONG_HEADER, pongEnvelope } from '@soa-monitor/protocol';
import { parseContentType } from '../envelope/content-type.ts';
import type { Clock } from '../observation/clock.ts';
import type { PingGuard } from './ping-guard.ts';

export interface PingAnswerer {
  /** True: it was a ping, and it is answered. All else passes up unchanged. */
  answer(request: IncomingMessage, response: ServerResponse): boolean;
  answered(): number;
}

export interface PingAnswererParts {
  readonly clock: Clock;
  /** Null without an ingest key: pings then pass up. */
  readonly guard: PingGuard | null;
  readonly reporter: string;
}

/** Answers pings below the stack, by the headers alone: no message waits for its body here. */
export function createPingAnswerer({ clock, guard, reporter }: PingAnswererParts): PingAnswerer {
  let answered = 0;
  return {
    answered: () => answered,
    answer: (request, response) => {
      const { headers } = request;
      const header = headers[PING_HEADER];
      if (guard === null || typeof header !== 'string' || request.method !== 'POST') return false;
      const version = pingVersion(headers.soapaction, headers['content-type'] ?? '');
      if (version === null) return false;
      const nonce = guard.verify(header, headers.host ?? '', clock.wallMicrosAt(clock.now()));
      if (nonce === null) return false;
      const pong = { reporter, mac: guard.pongMac(nonce, reporter) };
      const envelope = Buffer.from(pongEnvelope(version, pong));
      answered++;
      // Its body is let go unread, so that the connection serves the next request.
      request.resume();
      response.writeHead(200, {
        'content-type': version === '1.1' ? 'text/xml; charset=utf-8' : `application/soap+xml; action="${PONG_ACTION}"`,
        'content-length': envelope.byteLength,
        [PONG_HEADER]: formatPong(pong),
      });
      response.end(envelope);
      return true;
    },
  };
}

/** SOAP 1.1 names the action in a header, 1.2 as a parameter. */
function pingVersion(soapAction: string | string[] | undefined, header: string): '1.1' | '1.2' | null {
  if (typeof soapAction === 'string' && soapAction.trim().replace(/^"|"$/g, '') === PING_ACTION) return '1.1';
  const { mediaType, action } = parseContentType(header);
  return mediaType === 'application/soap+xml' && action === PING_ACTION ? '1.2' : null;
}

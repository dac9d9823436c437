import type { IncomingMessage, ServerResponse } from 'node:http';
import { formatPong, PING_ACTION, PING_HEADER, PONG_ACTION, PONG_HEADER, pongEnvelope } from '@soa-monitor/protocol';
import { parseContentType } from '../envelope/content-type.ts';
import type { Clock } from '../observation/clock.ts';
import type { PingGuard } from './ping-guard.ts';

/** The headers that make a ping. */
export interface PingHead {
  readonly method: string;
  readonly ping: string | null;
  readonly soapAction: string | null;
  readonly contentType: string | null;
  readonly host: string | null;
}

/** The answer, with status 200. */
export interface Pong {
  /** Of PONG_HEADER. */
  readonly header: string;
  readonly contentType: string;
  readonly envelope: Buffer;
}

export interface PingAnswerer {
  /** The answer to a ping that verifies, counted as given; null for all else. */
  read(head: PingHead): Pong | null;
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
  const read = ({ method, ping, soapAction, contentType, host }: PingHead): Pong | null => {
    if (guard === null || ping === null || method !== 'POST') return null;
    const version = pingVersion(soapAction, contentType ?? '');
    if (version === null) return null;
    const nonce = guard.verify(ping, host ?? '', clock.wallMicrosAt(clock.now()));
    if (nonce === null) return null;
    const pong = { reporter, mac: guard.pongMac(nonce, reporter) };
    answered++;
    return {
      header: formatPong(pong),
      contentType: version === '1.1' ? 'text/xml; charset=utf-8' : `application/soap+xml; action="${PONG_ACTION}"`,
      envelope: Buffer.from(pongEnvelope(version, pong)),
    };
  };
  return {
    answered: () => answered,
    read,
    answer: (request, response) => {
      const { headers } = request;
      const ping = headers[PING_HEADER];
      if (guard === null || typeof ping !== 'string') return false;
      const pong = read({
        method: request.method ?? '',
        ping,
        soapAction: typeof headers.soapaction === 'string' ? headers.soapaction : null,
        contentType: headers['content-type'] ?? null,
        host: headers.host ?? null,
      });
      if (pong === null) return false;
      // Its body is let go unread, so that the connection serves the next request.
      request.resume();
      response.writeHead(200, {
        'content-type': pong.contentType,
        'content-length': pong.envelope.byteLength,
        [PONG_HEADER]: pong.header,
      });
      response.end(pong.envelope);
      return true;
    },
  };
}

/** SOAP 1.1 names the action in a header, 1.2 as a parameter. */
function pingVersion(soapAction: string | null, header: string): '1.1' | '1.2' | null {
  if (soapAction !== null && soapAction.trim().replace(/^"|"$/g, '') === PING_ACTION) return '1.1';
  const { mediaType, action } = parseContentType(header);
  return mediaType === 'application/soap+xml' && action === PING_ACTION ? '1.2' : null;
}

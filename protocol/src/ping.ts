/**
 * The monitor's probe and the interceptor's own answer (design, section 8). Recognised by headers alone. Both sides derive
 * `pingKey` = HKDF-SHA-256(ingest key, salt empty, info PING_KEY_INFO, 32 bytes) and send HMAC-SHA-256 in base64url over
 * the texts below.
 */
export const PING_ACTION = 'urn:soa-monitor:ping:1';
export const PONG_ACTION = 'urn:soa-monitor:pong:1';
export const PING_KEY_INFO = 'soa-monitor ping key 1';

/** The one header a ping adds: `nonce=<base64url>; time=<epoch µs, the target's clock>; mac=<base64url>`. */
export const PING_HEADER = 'x-soa-monitor-ping';
/** The header of a pong: `reporter=<id>; mac=<base64url>`. The same two stand in the envelope for those who read bodies. */
export const PONG_HEADER = 'x-soa-monitor-pong';

/** A ping whose time is further from the target's clock than this passes up unchanged. Microseconds. */
export const PING_AGE_MAX_MICROS = 30_000_000;
/** Nonces remembered to refuse a replay: more than can verify within PING_AGE_MAX_MICROS. */
export const PING_NONCES_MAX = 1_000;

export interface Ping {
  readonly nonce: string;
  readonly time: number;
  readonly mac: string;
}

export interface Pong {
  readonly reporter: string;
  readonly mac: string;
}

/** What the ping's MAC covers; `authority` is the Host header as sent, so that a ping cannot be relayed to another service. */
export const pingText = (nonce: string, time: number, authority: string): string =>
  `ping\n${nonce}\n${time}\n${authority.toLowerCase()}`;

export const pongText = (nonce: string, reporter: string): string => `pong\n${nonce}\n${reporter}`;

export const formatPing = (ping: Ping): string => `nonce=${ping.nonce}; time=${ping.time}; mac=${ping.mac}`;
export const formatPong = (pong: Pong): string => `reporter=${pong.reporter}; mac=${pong.mac}`;

/** Null when the header is not of the form above. */
export function parsePing(header: string): Ping | null {
  const match = /^nonce=([\w-]{16,64}); time=(\d{1,16}); mac=([\w-]{43})$/.exec(header);
  return match ? { nonce: match[1] ?? '', time: Number(match[2]), mac: match[3] ?? '' } : null;
}

/** Null when the header is not of the form above. */
export function parsePong(header: string): Pong | null {
  const match = /^reporter=([\w-]{16,64}); mac=([\w-]{43})$/.exec(header);
  return match ? { reporter: match[1] ?? '', mac: match[2] ?? '' } : null;
}

const ENVELOPE = {
  '1.1': 'http://schemas.xmlsoap.org/soap/envelope/',
  '1.2': 'http://www.w3.org/2003/05/soap-envelope',
} as const;

/** The ping's body: a valid envelope, so that a stack without an interceptor answers it as any unknown operation. */
export const pingEnvelope = (version: '1.1' | '1.2'): string =>
  `<?xml version="1.0" encoding="utf-8"?><s:Envelope xmlns:s="${ENVELOPE[version]}"><s:Body>` +
  `<p:Ping xmlns:p="urn:soa-monitor:1"/></s:Body></s:Envelope>`;

export const pongEnvelope = (version: '1.1' | '1.2', pong: Pong): string =>
  `<?xml version="1.0" encoding="utf-8"?><s:Envelope xmlns:s="${ENVELOPE[version]}"><s:Body>` +
  `<p:Pong xmlns:p="urn:soa-monitor:1"><p:Reporter>${pong.reporter}</p:Reporter><p:Mac>${pong.mac}</p:Mac></p:Pong>` +
  `</s:Body></s:Envelope>`;

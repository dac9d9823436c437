import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { formatPing, PING_ACTION, PING_HEADER, PONG_HEADER, parsePong, pingEnvelope } from '@soa-monitor/protocol';
import type { Clock } from '../clock.ts';
import { authority } from './eligible-address.ts';
import type { PingResult } from './listener-health.ts';
import type { PingProof } from './ping-proof.ts';

export interface PingTarget {
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
  readonly soapVersion: '1.1' | '1.2';
  /** receivedAt − sentAt, µs: what the target's clock is behind ours. */
  readonly clockOffsetMicros: number;
}

const ANSWER_MILLIS = 1_000;
const ANSWER_BYTES_MAX = 64 * 1024;

/** One ping, on a connection of its own. Follows no redirect; never rejects. `nonce` is fresh random base64url. */
export function sendPing(
  target: PingTarget,
  nonce: string,
  parts: { readonly clock: Clock; readonly proof: PingProof },
): Promise<PingResult> {
  const { clock, proof } = parts;
  const host = authority(target.host, target.port);
  const ping = proof.sign(nonce, Math.round(clock.now() - target.clockOffsetMicros), host);
  const body = pingEnvelope(target.soapVersion);
  const options = {
    host: target.host,
    port: target.port,
    method: 'POST',
    path: '/',
    agent: false,
    headers: {
      Host: host,
      ...soapHeaders(target.soapVersion),
      'Content-Length': Buffer.byteLength(body),
      [PING_HEADER]: formatPing(ping),
      Connection: 'close',
    },
  };
  return new Promise((resolve) => {
    const finish = (result: PingResult): void => {
      cancel();
      resolve(result);
      request.destroy();
    };
    const cancel = clock.after(ANSWER_MILLIS, () => finish({ kind: 'silent', detail: 'no answer within 1 s' }));
    const onResponse = (response: IncomingMessage): void => {
      const result = judge(response, nonce, proof);
      let bytes = 0;
      // Read to its end, so that a service without an interceptor sees a caller like any other; but not for ever.
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > ANSWER_BYTES_MAX) finish(result);
      });
      response.on('end', () => finish(result));
      response.on('error', () => finish(result));
    };
    // The MAC is the proof of who answers, so a certificate need not be; a service's own is often self-signed.
    const request = target.tls
      ? httpsRequest({ ...options, rejectUnauthorized: false }, onResponse)
      : httpRequest(options, onResponse);
    request.on('error', (error) => finish(failed(error)));
    request.end(body);
  });
}

function soapHeaders(version: '1.1' | '1.2'): { readonly [name: string]: string } {
  return version === '1.2'
    ? { 'Content-Type': `application/soap+xml; charset=utf-8; action="${PING_ACTION}"` }
    : { 'Content-Type': 'text/xml; charset=utf-8', SOAPAction: `"${PING_ACTION}"` };
}

function judge(response: IncomingMessage, nonce: string, proof: PingProof): PingResult {
  const header = response.headers[PONG_HEADER];
  const pong = typeof header === 'string' ? parsePong(header) : null;
  if (pong !== null && proof.holds(nonce, pong)) return { kind: 'pong', reporter: pong.reporter };
  const detail = `answers HTTP ${response.statusCode ?? 0}, but its interceptor does not answer pings`;
  return { kind: 'noPong', detail: pong === null ? detail : 'answers a ping with a proof that does not hold' };
}

function failed(error: Error): PingResult {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : error.name;
  if (code.startsWith('HPE_')) return { kind: 'noPong', detail: 'something answers that is not HTTP' };
  return { kind: 'silent', detail: DETAILS.get(code) ?? `no connection (${code})` };
}

const DETAILS: ReadonlyMap<string, string> = new Map([
  ['ECONNREFUSED', 'refuses the connection'],
  ['ECONNRESET', 'cuts the connection off'],
  ['EHOSTUNREACH', 'its host cannot be reached'],
  ['ENETUNREACH', 'its network cannot be reached'],
  ['ENOTFOUND', 'its name is not known'],
]);

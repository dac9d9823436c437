import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { PING_KEY_INFO, type Ping, type Pong, pingText, pongText } from '@soa-monitor/protocol';

/** Makes pings that an interceptor with the same ingest key will answer, and knows its answer from a forged one. */
export interface PingProof {
  sign(nonce: string, time: number, authority: string): Ping;
  holds(nonce: string, pong: Pong): boolean;
}

export function createPingProof(ingestKey: string): PingProof {
  const key = Buffer.from(hkdfSync('sha256', ingestKey, '', PING_KEY_INFO, 32));
  const mac = (text: string): Buffer => createHmac('sha256', key).update(text).digest();
  return {
    sign: (nonce, time, authority) => ({
      nonce,
      time,
      mac: mac(pingText(nonce, time, authority)).toString('base64url'),
    }),
    holds(nonce, pong) {
      const given = Buffer.from(pong.mac, 'base64url');
      const expected = mac(pongText(nonce, pong.reporter));
      return given.length === expected.length && timingSafeEqual(given, expected);
    },
  };
}

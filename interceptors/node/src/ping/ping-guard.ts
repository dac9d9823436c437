import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import {
  PING_AGE_MAX_MICROS,
  PING_KEY_INFO,
  PING_NONCES_MAX,
  parsePing,
  pingText,
  pongText,
} from '@soa-monitor/protocol';

/** Tells the monitor's pings from others, and signs the answer. */
export interface PingGuard {
  /** The nonce of a ping that verifies, is fresh and was not seen before; else null. Remembers the nonce. */
  verify(header: string, authority: string, nowMicros: number): string | null;
  pongMac(nonce: string, reporter: string): string;
}

export function createPingGuard(ingestKey: string): PingGuard {
  const pingKey = Buffer.from(hkdfSync('sha256', ingestKey, '', PING_KEY_INFO, 32));
  const macOf = (text: string): Buffer => createHmac('sha256', pingKey).update(text).digest();
  /** Nonce → the ping's time. Bounded: what is too old to verify again is forgotten. */
  const seen = new Map<string, number>();

  const remember = (nonce: string, time: number, nowMicros: number): boolean => {
    if (seen.has(nonce)) return false;
    if (seen.size >= PING_NONCES_MAX) {
      for (const [old, itsTime] of seen) if (nowMicros - itsTime > PING_AGE_MAX_MICROS) seen.delete(old);
      // Forgetting a fresh nonce would let its ping be replayed.
      if (seen.size >= PING_NONCES_MAX) return false;
    }
    seen.set(nonce, time);
    return true;
  };

  return {
    verify: (header, authority, nowMicros) => {
      const ping = parsePing(header);
      if (ping === null || Math.abs(ping.time - nowMicros) > PING_AGE_MAX_MICROS) return null;
      const sent = Buffer.from(ping.mac, 'base64url');
      const right = macOf(pingText(ping.nonce, ping.time, authority));
      if (sent.byteLength !== right.byteLength || !timingSafeEqual(sent, right)) return null;
      return remember(ping.nonce, ping.time, nowMicros) ? ping.nonce : null;
    },
    pongMac: (nonce, reporter) => macOf(pongText(nonce, reporter)).toString('base64url'),
  };
}

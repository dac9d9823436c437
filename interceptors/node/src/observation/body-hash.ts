import { createHmac, createSecretKey, type Hmac, hkdfSync, type KeyObject } from 'node:crypto';
import { BODY_HASH_BYTES, BODY_HASH_KEY_INFO, type Role } from '@soa-monitor/protocol';
import type { ReadExtras } from './describe.ts';
import type { Exchange } from './exchange.ts';

/** For which messages the monitor wants a hash of the request's body, because nothing cheaper joins the two halves. */
export interface HashWish {
  /** Addresses called, host:port in lower case. */
  readonly called: ReadonlySet<string>;
  /** Everything that this process serves. */
  readonly served: boolean;
}

/** Hashes request bodies as they stand on the wire, where and as long as the monitor asks for it. */
export interface BodyHashing {
  /** The wish of the latest answer; null: there is none any more. */
  follow(wish: HashWish | null): void;
  /** What the body's chunks are to be fed to; null when nobody asks. Decided once, when the exchange begins. */
  begin(role: Role, address: string | null): Hmac | null;
}

/** A wish that no answer repeats for so long is over: the monitor may be gone. */
const WISH_MILLIS_MAX = 60_000;

export function createBodyHashing(ingestKey: string | null, now: () => number): BodyHashing {
  let key: KeyObject | null = null;
  let current: HashWish | null = null;
  let followedAt = 0;
  return {
    follow: (wish) => {
      current = wish;
      followedAt = now();
    },
    begin: (role, address) => {
      if (current === null) return null;
      if (now() - followedAt > WISH_MILLIS_MAX) {
        current = null;
        return null;
      }
      if (role === 'server' ? !current.served : address === null || !current.called.has(address)) return null;
      // A key object: the bytes of a key would be taken over anew for each message.
      key ??= createSecretKey(Buffer.from(hkdfSync('sha256', ingestKey ?? '', '', BODY_HASH_KEY_INFO, 32)));
      return createHmac('sha256', key);
    },
  };
}

/** Adds the hash of a body that was seen whole to what else is read from an exchange. */
export function withBodyHash(readExtras: ReadExtras | undefined): ReadExtras {
  return (exchange, request, reply, hasEnded) => {
    const extras = readExtras === undefined ? null : readExtras(exchange, request, reply, hasEnded);
    const bodyHash = hasEnded ? takeHash(exchange) : null;
    return bodyHash === null ? extras : { ...extras, bodyHash };
  };
}

/** Half a body has another hash than the whole one, and would join with nothing. */
function takeHash({ request, requestLastAt }: Exchange): string | null {
  const { hash } = request;
  request.hash = null;
  // Three bytes are four characters.
  return hash === null || requestLastAt === null ? null : hash.digest('base64url').slice(0, (BODY_HASH_BYTES / 3) * 4);
}

import type { MessageReader } from '../http/message-reader.ts';

/**
 * Lets one direction's bytes pass, all of them and in order, but for those that are held back or skipped on purpose. Whatever
 * happens while a piece is looked at, `release` sends what was not sent: a failure of the reader costs no byte.
 */
export interface Gate {
  /** A new piece has come; nothing of it has passed. */
  begin(piece: Buffer): void;
  /** Lets the piece pass up to `to`. */
  pass(to: number): void;
  /** What came before `to` is answered for by somebody else. */
  skip(to: number): void;
  /** Holds back the beginning of a head that the reader has gathered; the rest of the piece passes. */
  holdHead(): void;
  /** Sends what was held of earlier pieces. */
  passHeld(): void;
  /** Forgets what was held of earlier pieces. */
  skipHeld(): void;
  isHolding(): boolean;
  /** Sends what was held, and the rest of the piece. */
  release(): void;
}

export function createGate(reader: MessageReader, send: (bytes: Buffer) => void): Gate {
  let piece: Buffer = EMPTY;
  let sent = 0;
  /** Bytes of the gathered head that came before this piece and were not sent. */
  let held = 0;

  const pass = (to: number): void => {
    if (to <= sent) return;
    const part = sent === 0 && to === piece.length ? piece : piece.subarray(sent, to);
    sent = to;
    send(part);
  };

  const passHeld = (): void => {
    const gathered = held > 0 ? reader.gathered() : null;
    const bytes = held;
    held = 0;
    // A copy: the reader uses this memory again for the next head.
    if (gathered !== null) send(Buffer.from(gathered.subarray(0, bytes)));
  };

  return {
    begin: (next) => {
      piece = next;
      sent = 0;
    },
    pass,
    skip: (to) => {
      sent = Math.max(sent, to);
    },
    holdHead: () => {
      const gathered = reader.gathered()?.length ?? 0;
      pass(piece.length - (gathered - held));
      held = gathered;
      sent = piece.length;
    },
    passHeld,
    skipHeld: () => {
      held = 0;
    },
    isHolding: () => held > 0,
    release: () => {
      passHeld();
      pass(piece.length);
    },
  };
}

const EMPTY = Buffer.alloc(0);

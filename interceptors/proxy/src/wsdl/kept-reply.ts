import type { MessageHead } from '../http/message-head.ts';

/** A reply held back until it is whole: what is needed to change it, and to send it as it came. */
export interface KeptReply {
  readonly request: MessageHead;
  readonly head: MessageHead;
  readonly headText: string;
  beginPiece(): void;
  /** Content, from a piece. */
  addBody(piece: Buffer, from: number, to: number): void;
  /** The bytes of the piece up to `to` that are not kept yet, framing and all. */
  addWire(piece: Buffer, to: number): void;
  isTooLarge(): boolean;
  body(): Buffer;
  /** As it came. */
  wire(): readonly Buffer[];
}

/** A larger description passes unchanged. */
export const KEPT_BYTES_MAX = 4 * 1024 * 1024;

/** `at` is where the head ended in its piece. */
export function createKeptReply(request: MessageHead, head: MessageHead, headText: string, at: number): KeptReply {
  const wire: Buffer[] = [Buffer.from(headText, 'latin1')];
  const body: Buffer[] = [];
  let keptTo = at;
  let bytes = 0;
  return {
    request,
    head,
    headText,
    beginPiece: () => {
      keptTo = 0;
    },
    addBody: (piece, from, to) => {
      body.push(piece.subarray(from, to));
    },
    addWire: (piece, to) => {
      if (to <= keptTo) return;
      wire.push(piece.subarray(keptTo, to));
      bytes += to - keptTo;
      keptTo = to;
    },
    isTooLarge: () => bytes > KEPT_BYTES_MAX,
    body: () => Buffer.concat(body),
    wire: () => wire,
  };
}

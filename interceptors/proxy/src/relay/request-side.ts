import type { Guard, Pong } from '@soa-monitor/interceptor/core';
import { keepsAlive, requestFraming } from '../http/framing.ts';
import type { MessageHead } from '../http/message-head.ts';
import type { MessageReader } from '../http/message-reader.ts';
import type { Observer } from '../observe/observer.ts';
import { type Dialogue, PENDING_MAX, type Pending } from './dialogue.ts';
import { createGate } from './gate.ts';
import { hostRewritten } from './rewrite-host.ts';

export interface RequestSideParts {
  readonly reader: MessageReader;
  readonly dialogue: Dialogue;
  readonly observer: Observer;
  readonly guard: Guard;
  /** Towards the target. */
  readonly send: (bytes: Buffer) => void;
  /** The answer to a ping, or null when the request is none. Null itself: pings are not looked for. */
  readonly readPing: ((head: MessageHead) => Pong | null) | null;
  /** The ping's turn has come: every request before it is answered. */
  readonly answerPing: (pong: Pong, keepsAlive: boolean) => void;
  /** No further piece may come until resume(). */
  readonly stop: () => void;
  /** What the Host header shall say; null leaves it. */
  readonly host: string | null;
}

export interface RequestSide {
  onPiece(piece: Buffer, now: number): void;
  /** The caller has sent its last byte. */
  onEnd(): void;
  /** Every request is answered. Gives the rest of the piece at which it was stopped, if it was. */
  resume(): Buffer | null;
  /** The replies are not followed any more, or will not come: what was held back passes. */
  letGo(): void;
}

/**
 * A head that comes in pieces is held so long, in case it is a ping's: those come in one. The target's own patience with a
 * caller who does not go on is not taken from it.
 */
const HELD_MILLIS_MAX = 50;

/** What the caller sends: watched, and passed on as it came, but for pings (answered here) and, if asked for, the Host header. */
export function createRequestSide(parts: RequestSideParts): RequestSide {
  const { reader, dialogue, observer, guard, send, readPing, answerPing, stop, host } = parts;
  const gate = createGate(reader, send);
  let current: Pending | null = null;
  let isPing = false;
  let isHeadPassing = false;
  let patience: NodeJS.Timeout | undefined;
  let waiting: {
    readonly pong: Pong;
    readonly keepsAlive: boolean;
    readonly head: string;
    readonly rest: Buffer;
  } | null = null;

  const watch = (piece: Buffer, now: number): boolean => {
    for (let at = 0; ; at = reader.at) {
      switch (reader.next(piece, at)) {
        case 'head':
          if (reader.head === null || !onHead(reader.head, piece, now)) return false;
          if (waiting !== null) return true;
          break;
        case 'body':
          if (isPing) gate.skip(reader.at);
          else if (current !== null) observer.holdRequest(current, piece, reader.from, reader.at);
          break;
        case 'end':
          if (isPing) gate.skip(reader.at);
          else if (current !== null) current.wholeAt = observer.endRequest(current, now);
          isPing = false;
          current = null;
          break;
        case 'more':
          if (isPing) gate.skip(piece.length);
          else if (reader.isInHead()) mindHead();
          return true;
        default:
          return false;
      }
    }
  };

  const onHead = (head: MessageHead, piece: Buffer, now: number): boolean => {
    const hasPassed = isHeadPassing;
    isHeadPassing = false;
    clearTimeout(patience);
    const framing = requestFraming(head);
    if (framing.kind === 'ambiguous' || dialogue.pending.length >= PENDING_MAX) return false;
    const pong = readPing === null || hasPassed ? null : readPing(head);
    if (pong !== null) {
      observer.countRequest();
      skipHead();
      reader.frame(framing);
      isPing = true;
      if (dialogue.pending.length === 0) answerPing(pong, keepsAlive(head));
      else {
        waiting = { pong, keepsAlive: keepsAlive(head), head: reader.text, rest: piece.subarray(reader.at) };
        gate.skip(piece.length);
        stop();
      }
      return true;
    }
    if (host === null) gate.passHeld();
    else {
      skipHead();
      send(Buffer.from(hostRewritten(reader.text, host), 'latin1'));
    }
    // Not before what was gathered of the head has passed.
    reader.frame(framing);
    current = { head, exchange: observer.beginRequest(head, now), wholeAt: null };
    dialogue.pending.push(current);
    return true;
  };

  /** What came before the head passes, the head does not. */
  const skipHead = (): void => {
    if (!gate.isHolding()) gate.pass(reader.from);
    gate.skipHeld();
    gate.skip(reader.at);
  };

  /** The beginning of a head is held back while it may have to be changed, or may be a ping's. */
  const mindHead = (): void => {
    if (isHeadPassing) return;
    if (host === null && !(readPing !== null && mayBePost(reader.gathered()))) {
      letHeadPass();
      return;
    }
    if (host === null && !gate.isHolding()) patience = setTimeout(letHeadPass, HELD_MILLIS_MAX).unref();
    gate.holdHead();
  };

  const letHeadPass = (): void => {
    clearTimeout(patience);
    isHeadPassing = true;
    gate.passHeld();
  };

  const goBlind = (): void => {
    if (dialogue.isRequestBlind) return;
    dialogue.isRequestBlind = true;
    observer.countLost();
  };

  return {
    onPiece: (piece, now) => {
      if (dialogue.isRequestBlind) {
        send(piece);
        return;
      }
      gate.begin(piece);
      if (!guard.ask(watch, piece, now)) goBlind();
      if (dialogue.isRequestBlind || !gate.isHolding()) gate.release();
    },
    onEnd: () => {
      clearTimeout(patience);
      if (dialogue.isRequestBlind) return;
      gate.release();
      if (reader.finish() === 'confused') dialogue.isRequestBlind = true;
    },
    resume: () => {
      if (waiting === null) return null;
      const { pong, rest } = waiting;
      const isKept = waiting.keepsAlive;
      waiting = null;
      answerPing(pong, isKept);
      return rest;
    },
    letGo: () => {
      gate.passHeld();
      if (waiting === null) return;
      // The ping has no turn any more: it goes where everything goes.
      const { head, rest } = waiting;
      waiting = null;
      send(Buffer.from(head, 'latin1'));
      if (rest.length > 0) send(rest);
    },
  };
}

const POST = Buffer.from('POST ');

function mayBePost(begun: Buffer | null): boolean {
  if (begun === null) return true;
  const length = Math.min(begun.length, POST.length);
  return begun.compare(POST, 0, length, 0, length) === 0;
}

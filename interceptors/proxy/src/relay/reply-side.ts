import type { Guard } from '@soa-monitor/interceptor/core';
import { replyFraming } from '../http/framing.ts';
import type { MessageHead } from '../http/message-head.ts';
import type { MessageReader } from '../http/message-reader.ts';
import type { Observer } from '../observe/observer.ts';
import { createKeptReply, type KeptReply } from '../wsdl/kept-reply.ts';
import type { WsdlEditor } from '../wsdl/wsdl-editor.ts';
import type { Dialogue, Pending } from './dialogue.ts';
import { createGate } from './gate.ts';

export interface ReplySideParts {
  readonly reader: MessageReader;
  readonly dialogue: Dialogue;
  readonly observer: Observer;
  readonly guard: Guard;
  /** Towards the caller. */
  readonly send: (bytes: Buffer) => void;
  /** Null: no reply is changed, so that each piece is passed on before it is looked at. */
  readonly wsdl: WsdlEditor | null;
  /** A reply ended. */
  readonly onAnswered: () => void;
  /** From here on nothing is followed, in either direction. */
  readonly onBlind: () => void;
}

export interface ReplySide {
  onPiece(piece: Buffer, now: number): void;
  /** The target has sent its last byte. */
  onEnd(now: number): void;
}

/** What the target sends: passed on as it came and watched, but for the addresses in a WSDL, if asked for. */
export function createReplySide(parts: ReplySideParts): ReplySide {
  const { reader, dialogue, observer, guard, send, wsdl, onAnswered, onBlind } = parts;
  const gate = createGate(reader, send);
  let current: Pending | null = null;
  /** A WSDL on its way is kept until it can be changed. */
  let kept: KeptReply | null = null;

  const watch = (piece: Buffer, now: number): boolean => {
    for (let at = 0; ; at = reader.at) {
      switch (reader.next(piece, at)) {
        case 'head':
          if (reader.head === null || !onHead(reader.head, now)) return false;
          break;
        case 'body':
          if (current !== null) observer.holdReply(current, piece, reader.from, reader.at);
          if (kept !== null) keep(piece, true);
          break;
        case 'end':
          if (kept !== null) finishKept(piece);
          if (current !== null) onReplyEnd(current, now);
          break;
        case 'more':
          if (kept !== null) keep(piece, false);
          else if (wsdl !== null && reader.isInHead()) gate.holdHead();
          return true;
        default:
          return false;
      }
    }
  };

  const onHead = (head: MessageHead, now: number): boolean => {
    const pending = dialogue.pending[0];
    // Nobody asked: an answer to a request that was not understood, or a farewell.
    if (pending === undefined) return false;
    const framing = replyFraming(head, pending.head.method);
    if (framing.kind === 'ambiguous') return false;
    if (framing.kind === 'tunnel') {
      observer.beginReply(pending, head, now);
      observer.endReply(pending, now);
      dialogue.pending.shift();
      dialogue.isRequestBlind = true;
      return false;
    }
    const isInterim = head.status < 200;
    current = isInterim ? null : pending;
    if (!isInterim) observer.beginReply(pending, head, now);
    if (wsdl !== null && !isInterim && wsdl.wants(pending.head, head, framing)) {
      if (!gate.isHolding()) gate.pass(reader.from);
      gate.skipHeld();
      gate.skip(reader.at);
      kept = createKeptReply(pending.head, head, reader.text, reader.at);
    } else gate.passHeld();
    reader.frame(framing);
    return true;
  };

  const keep = (piece: Buffer, isBody: boolean): void => {
    if (kept === null) return;
    gate.skip(reader.at);
    if (isBody) kept.addBody(piece, reader.from, reader.at);
    else kept.addWire(piece, piece.length);
    if (kept.isTooLarge()) releaseKept();
  };

  const finishKept = (piece: Buffer): void => {
    if (kept === null || wsdl === null) return;
    gate.skip(reader.at);
    kept.addWire(piece, reader.at);
    const edited = wsdl.edit(kept);
    if (edited === null) releaseKept();
    else {
      kept = null;
      send(edited);
    }
  };

  /** As it came, then. */
  const releaseKept = (): void => {
    const pieces = kept?.wire() ?? [];
    kept = null;
    for (const bytes of pieces) send(bytes);
  };

  const onReplyEnd = (pending: Pending, now: number): void => {
    current = null;
    dialogue.pending.shift();
    observer.endReply(pending, now);
    onAnswered();
  };

  const goBlind = (now: number): void => {
    dialogue.isReplyBlind = true;
    for (const pending of dialogue.pending.splice(0)) observer.cutOff(pending, now);
    current = null;
    if (!dialogue.isRequestBlind) observer.countLost();
    dialogue.isRequestBlind = true;
    onBlind();
  };

  return {
    onPiece: (piece, now) => {
      if (dialogue.isReplyBlind || wsdl === null) {
        send(piece);
        if (!dialogue.isReplyBlind && !guard.ask(watch, piece, now)) goBlind(now);
        return;
      }
      gate.begin(piece);
      kept?.beginPiece();
      if (!guard.ask(watch, piece, now)) {
        goBlind(now);
        releaseKept();
      }
      if (dialogue.isReplyBlind || !gate.isHolding()) gate.release();
    },
    onEnd: (now) => {
      if (dialogue.isReplyBlind) return;
      const found = reader.finish();
      gate.release();
      if (kept !== null && found === 'end') finishKept(NOTHING);
      else releaseKept();
      if (found === 'end' && current !== null) onReplyEnd(current, now);
      if (found === 'confused') goBlind(now);
    },
  };
}

const NOTHING = Buffer.alloc(0);

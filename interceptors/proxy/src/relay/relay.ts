import type { Socket } from 'node:net';
import { type Core, connectionOf, type Pong, type Wire } from '@soa-monitor/interceptor/core';
import { PONG_HEADER } from '@soa-monitor/protocol';
import { createMessageReader } from '../http/message-reader.ts';
import type { InFlight } from '../observe/in-flight.ts';
import { createObserver, type Side } from '../observe/observer.ts';
import type { WsdlEditor } from '../wsdl/wsdl-editor.ts';
import { createDialogue } from './dialogue.ts';
import { createOwnReply, ownReplyBytes } from './own-reply.ts';
import { createReplySide } from './reply-side.ts';
import { createRequestSide } from './request-side.ts';

/** What the relays of one route share. */
export interface RelayParts {
  readonly core: Core;
  readonly side: Side;
  readonly address: string;
  readonly inFlight: InFlight;
  /** Begins to connect. `whenReady` is called once bytes can reach the target. */
  readonly connect: (whenReady: () => void) => Socket;
  readonly connectMillisMax: number;
  readonly host: string | null;
  readonly wsdl: WsdlEditor | null;
  /** The target could not be reached, or hung up. */
  readonly onTargetFailure: () => void;
}

/** A caller's connection, and the one of its own to the target. */
export interface Relay {
  /** Ends it as soon as nothing is in flight. */
  drain(): void;
  /** Ends what has waited longer than allowed; 0: no limit. */
  expire(now: number, replyMillisMax: number, idleMillisMax: number): void;
  /** At once. */
  abort(): void;
}

/** After an answer of the proxy's own, the caller may still be sending: so long it is listened to, and no longer. */
const LINGER_MILLIS = 2_000;

/**
 * A bump in the wire: the bytes of each direction pass as they come, never more of them waiting here than the sockets' own
 * buffers hold; the two sides only look at them. Ends and failures of one connection become those of the other.
 */
export function createRelay(caller: Socket, parts: RelayParts, onClose: () => void): Relay {
  const { core, side, connect, connectMillisMax } = parts;
  const { clock, guard } = core;
  const isService = side === 'service';
  const wire: Wire = { requests: 0, connection: isService ? connectionOf(caller, true) : null };
  const dialogue = createDialogue();
  const observer = createObserver({ ...parts, wire, isCutOff: () => caller.destroyed });
  const requestReader = createMessageReader();
  const replyReader = createMessageReader();
  let target: Socket | null = null;
  let isReady = false;
  let hasAnswered = false;
  let isStopped = false;
  let isDraining = false;
  let lastAt = clock.now();

  const toTarget = (bytes: Buffer): void => {
    if (hasAnswered || caller.destroyed || target?.writableEnded === true) return;
    if (target === null) target = open();
    if (!target.write(bytes)) caller.pause();
  };

  const toCaller = (bytes: Buffer): void => {
    if (!hasAnswered && !caller.writableEnded && !caller.write(bytes)) target?.pause();
  };

  const answerPing = ({ header, contentType, envelope }: Pong, keepsAlive: boolean): void => {
    const head =
      `HTTP/1.1 200 OK\r\nContent-Type: ${contentType}\r\nContent-Length: ${envelope.byteLength}\r\n` +
      `${PONG_HEADER}: ${header}\r\n${keepsAlive ? '' : 'Connection: close\r\n'}\r\n`;
    caller.write(Buffer.concat([Buffer.from(head), envelope]));
    if (keepsAlive) return;
    caller.end();
    target?.end();
  };

  const requestSide = createRequestSide({
    reader: requestReader,
    dialogue,
    observer,
    guard,
    send: toTarget,
    readPing: isService ? core.pings.read : null,
    answerPing,
    stop: () => {
      isStopped = true;
      caller.pause();
    },
    host: parts.host,
  });

  const onAnswered = (): void => {
    if (dialogue.pending.length > 0) return;
    if (isStopped) {
      isStopped = false;
      const rest = requestSide.resume();
      if (rest !== null && rest.length > 0) requestSide.onPiece(rest, clock.now());
      caller.resume();
    } else if (isDraining) endIfIdle();
  };

  const letGo = (): void => {
    requestSide.letGo();
    if (!isStopped) return;
    isStopped = false;
    caller.resume();
  };

  const replySide = createReplySide({
    reader: replyReader,
    dialogue,
    observer,
    guard,
    send: toCaller,
    wsdl: parts.wsdl,
    onAnswered,
    onBlind: letGo,
  });

  const open = (): Socket => {
    const socket = connect(() => {
      isReady = true;
      clearTimeout(patience);
      if (!isService) wire.connection = connectionOf(socket, false);
    });
    const patience = setTimeout(() => {
      if (!isReady) failed(504, `${parts.address} took no connection within ${connectMillisMax / 1_000} s`, 'timeout');
    }, connectMillisMax);
    socket.on('data', (piece: Buffer) => {
      lastAt = clock.now();
      replySide.onPiece(piece, lastAt);
    });
    socket.on('drain', () => {
      if (!isStopped) caller.resume();
    });
    socket.on('end', () => {
      replySide.onEnd(clock.now());
      letGo();
      if (!hasAnswered) caller.end();
    });
    socket.on('error', (error) => {
      if (!isReady) failed(502, `${parts.address} cannot be reached: ${reasonOf(error)}`, 'refused');
    });
    socket.on('close', () => {
      clearTimeout(patience);
      onTargetClosed(socket);
    });
    return socket;
  };

  const onTargetClosed = (socket: Socket): void => {
    cutOff();
    if (hasAnswered || caller.destroyed || (socket.readableEnded && !socket.errored)) return;
    parts.onTargetFailure();
    // What it sent before is still due to the caller; without that, the caller sees what the target did.
    if (caller.writableLength > 0) caller.end();
    else reset(caller);
  };

  /** The target gives no answer: the proxy says why, if nothing of an answer has passed, and hangs up. */
  const failed = (status: number, why: string, failure: 'refused' | 'timeout'): void => {
    parts.onTargetFailure();
    const isSpeechless = hasAnswered || !replyReader.isIdle() || dialogue.isReplyBlind;
    const [first] = dialogue.pending;
    const isUnasked = first === undefined && dialogue.isRequestBlind;
    if (isSpeechless || isUnasked) {
      abort();
      return;
    }
    const answer = createOwnReply(status, why, failure);
    if (first !== undefined) observer.answered(first, answer, clock.now());
    dialogue.pending.shift();
    caller.end(ownReplyBytes(answer, first?.head.method === 'HEAD'));
    hasAnswered = true;
    cutOff();
    if (target !== null) reset(target);
    // Bytes that nobody reads would make the system reset the connection under the answer.
    caller.resume();
    setTimeout(() => caller.destroy(), LINGER_MILLIS).unref();
  };

  const cutOff = (): void => {
    const now = clock.now();
    for (const pending of dialogue.pending.splice(0)) observer.cutOff(pending, now);
  };

  const endIfIdle = (): void => {
    if (dialogue.pending.length === 0 && requestReader.isIdle() && !dialogue.isRequestBlind) hangUp();
  };

  const hangUp = (): void => {
    caller.end();
    target?.end();
    setTimeout(() => caller.destroy(), LINGER_MILLIS).unref();
  };

  const abort = (): void => {
    reset(caller);
    if (target !== null) reset(target);
  };

  caller.on('data', (piece: Buffer) => {
    if (hasAnswered) return;
    lastAt = clock.now();
    requestSide.onPiece(piece, lastAt);
  });
  caller.on('drain', () => target?.resume());
  caller.on('end', () => {
    requestSide.onEnd();
    if (target === null) caller.end();
    else target.end();
  });
  // Only so that it does not end the process: 'close' follows.
  caller.on('error', () => undefined);
  caller.on('close', () => {
    cutOff();
    if (target !== null && !target.destroyed) {
      if (caller.errored || !caller.readableEnded) reset(target);
      // Where both directions have ended, what is still to be written may be.
      else if (!target.readableEnded || !target.writableEnded) target.destroy();
    }
    onClose();
  });

  return {
    drain: () => {
      isDraining = true;
      endIfIdle();
    },
    expire: (now, replyMillisMax, idleMillisMax) => {
      const [first] = dialogue.pending;
      const waits = first?.wholeAt ?? null;
      if (replyMillisMax > 0 && waits !== null && replyReader.isIdle() && now - waits > replyMillisMax)
        failed(504, `${parts.address} gave no answer within ${replyMillisMax / 1_000} s`, 'timeout');
      else if (idleMillisMax > 0 && now - lastAt > idleMillisMax) {
        if (first !== undefined) failed(504, `nothing passed for ${idleMillisMax / 1_000} s`, 'timeout');
        else hangUp();
      }
    },
    abort,
  };
}

/** As hard as the other side was hung up on. A TLS connection cannot be reset from here: it ends without a farewell. */
function reset(socket: Socket): void {
  if (socket.connecting || 'encrypted' in socket) socket.destroy();
  else socket.resetAndDestroy();
}

function reasonOf(error: Error): string {
  // Of several addresses tried, each has its own reason.
  if (error instanceof AggregateError) return error.errors.map((each: Error) => each.message).join('; ');
  return error.message;
}

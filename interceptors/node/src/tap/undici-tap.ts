import diagnostics from 'node:diagnostics_channel';
import type { Cause } from '../observation/exchange.ts';
import type { Causes } from './causes.ts';
import type { Guard } from './guarded.ts';
import type { Undo } from './patches.ts';
import { createUndiciCauses } from './undici-causes.ts';
import { createUndiciCopies } from './undici-copies.ts';
import { createUndiciFollowing, type UndiciFollowingParts } from './undici-following.ts';
import { dispatchersIn, partOf, type UndiciRequest } from './undici-request.ts';
import { openUndiciWire } from './wires.ts';

export interface UndiciTapParts extends UndiciFollowingParts {
  readonly causes: Causes;
  readonly guard: Guard;
}

/** Where every copy of undici keeps the dispatcher that `fetch` uses. */
const GLOBAL_DISPATCHER = Symbol.for('undici.globalDispatcher.1');

/**
 * Observes `fetch` and undici, Node's own copy and any other, by the diagnostics channels that all copies share, and by what
 * these lead to: bodies by the methods of undici's Request, causes by those of its dispatchers. No dispatcher is replaced and
 * no global is wrapped; a process that uses neither pays nothing.
 */
export function tapUndici(parts: UndiciTapParts): Undo {
  const { clock, causes, guard } = parts;
  const following = createUndiciFollowing(parts);
  const undiciCauses = createUndiciCauses(causes, clock.now, guard);
  /** What was entered before undici called back, the innermost last. */
  const outside: (Cause | null)[] = [];

  const copies = createUndiciCopies(
    {
      onChunk: following.onChunk,
      // undici calls back in the context of the connection, which is that of the call that opened it: nothing may stay of it.
      // An error alone may come in the application's own context, when it aborts.
      enter: (request, isError) => {
        outside.push(isError ? causes.entered() : null);
        causes.enter(following.causeOf(request));
      },
      leave: () => causes.enter(outside.pop() ?? null),
    },
    guard,
  );

  const onCreate = (request: UndiciRequest): void => {
    if (undos.length === 1) subscribeToTheRest();
    copies.patchCopyOf(request);
    undiciCauses.follow(Reflect.get(globalThis, GLOBAL_DISPATCHER));
    const startedAt = clock.now();
    following.begin(request, startedAt, undiciCauses.current(startedAt));
  };

  const onConnected = (message: unknown): void => {
    const socket = partOf(message, 'socket');
    openUndiciWire(socket);
    for (const dispatcher of dispatchersIn(socket)) undiciCauses.follow(dispatcher);
  };

  /** A copy whose methods are patched tells its chunks there. */
  const onChunkOf =
    (isReply: boolean) =>
    (request: UndiciRequest, message: unknown): void => {
      if (copies.isPatched(request) || typeof message !== 'object' || message === null) return;
      following.onChunk(request, Reflect.get(message, 'chunk'), isReply);
    };

  const undos: Undo[] = [];
  const subscribe = (channel: string, work: (message: unknown) => void): void => {
    const onMessage = (message: unknown): void => guard.run(() => work(message));
    diagnostics.subscribe(channel, onMessage);
    undos.push(() => void diagnostics.unsubscribe(channel, onMessage));
  };
  const ofRequest = (channel: string, work: (request: UndiciRequest, message: unknown) => void): void =>
    subscribe(channel, (message) => {
      const request = partOf(message, 'request');
      if (request !== null) work(request, message);
    });
  /** Not before the first request: while it loads, undici 7 leaves out its own debug log where others listen already. */
  const subscribeToTheRest = (): void => {
    subscribe('undici:client:connected', onConnected);
    ofRequest('undici:client:sendHeaders', following.onSendHeaders);
    ofRequest('undici:request:bodySent', (request) => following.onSent(request, copies.isPatched(request)));
    ofRequest('undici:request:headers', following.onHeaders);
    ofRequest('undici:request:trailers', following.onComplete);
    ofRequest('undici:request:error', following.onError);
    ofRequest('undici:request:bodyChunkSent', onChunkOf(false));
    ofRequest('undici:request:bodyChunkReceived', onChunkOf(true));
  };
  ofRequest('undici:request:create', onCreate);
  return () => {
    for (const undo of undos.splice(0)) undo();
    copies.undo();
    undiciCauses.undo();
  };
}

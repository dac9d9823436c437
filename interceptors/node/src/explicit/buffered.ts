import type { Readable } from 'node:stream';
import { type HeldBody, holdChunk } from '../observation/held-body.ts';

/** Chunks that wait in a stream's buffer are bounded by its high-water mark; more than this are not looked at. */
const BUFFERED_CHUNKS_MAX = 4_096;

/**
 * Holds what a stream has taken in and nobody has read, without reading it: Node keeps it in a list of its own (a linked one
 * before Node 22). True: it is all there will be.
 */
export function holdBuffered(stream: Readable, body: HeldBody): boolean {
  const state: unknown = Reflect.get(stream, '_readableState');
  if (typeof state !== 'object' || state === null) return false;
  const chunks: unknown = Reflect.get(state, 'buffer');
  const first: unknown = Reflect.get(state, 'bufferIndex');
  let at = 0;
  if (isIterable(chunks))
    for (const chunk of chunks) {
      if (at >= BUFFERED_CHUNKS_MAX) break;
      // Since Node 22 what was read stays in front of this index.
      if (at++ >= (typeof first === 'number' ? first : 0)) holdChunk(body, chunk, stream.readableEncoding ?? undefined);
    }
  return Reflect.get(state, 'ended') === true;
}

const isIterable = (value: unknown): value is Iterable<unknown> =>
  typeof value === 'object' && value !== null && Symbol.iterator in value;

import type { Fault, QName } from '@soa-monitor/protocol';
import { createHeldBody, holdChunk } from '../observation/held-body.ts';
import { parseContentType } from './content-type.ts';
import { faultOf, operationOf } from './message-facts.ts';
import { createMessageReader, type ReadMessage, readOn } from './read-message.ts';

/** What a message says of its call. */
export interface MessageSummary {
  readonly version: '1.1' | '1.2' | null;
  readonly operation: QName | null;
  readonly fault: Fault | null;
}

/**
 * Reads messages of one content type from the chunks of their bodies, as the interceptor does: once, when all have arrived;
 * with `isAskedOften` after each chunk. Null: nothing readable.
 */
export function createChunksReader(
  contentType: string,
): (chunks: Iterable<Uint8Array>, isAskedOften?: boolean) => MessageSummary | null {
  const type = parseContentType(contentType);
  return (chunks, isAskedOften = false) => {
    const body = createHeldBody();
    const reader = createMessageReader(type, null);
    for (const chunk of chunks) {
      holdChunk(body, chunk, undefined);
      if (isAskedOften) readOn(reader, body, false);
    }
    const message = readOn(reader, body, true);
    return message === null ? null : summaryOf(message);
  };
}

const summaryOf = (message: ReadMessage): MessageSummary => ({
  version: message.scan.version,
  operation: operationOf(message),
  fault: faultOf(message),
});

import type { HeldBody } from '../observation/held-body.ts';
import { type ContentType, isMultipart } from './content-type.ts';
import { isCompressed } from './inflate.ts';
import { type KnownOpening, learnOpening, matchOpening, OPENING_CHARS_MAX } from './opening.ts';
import { type ReadMessage, readMessage } from './read-message.ts';

/** Openings of messages of one kind that were read before, the latest used first. */
export interface KnownOpenings {
  readonly known: KnownOpening[];
  /** Messages that began in no known way. */
  misses: number;
}

/** What was read, and the known opening that said so. */
export interface RecalledMessage extends ReadMessage {
  readonly opening: KnownOpening | null;
}

/** Of one kind of message, at most. */
const OPENINGS_MAX = 8;
/** So many unknown beginnings are learnt from at once; after that only now and then, since they may differ for ever. */
const LESSONS_MAX = 16;

export const createKnownOpenings = (): KnownOpenings => ({ known: [], misses: 0 });

/**
 * Reads a message as `readMessage` does, with the same answer, but for a message that begins as an earlier one did: a service
 * sees the same few openings again and again, and to compare one costs a tenth of reading it.
 */
export function recallMessage(
  openings: KnownOpenings,
  body: HeldBody,
  type: ContentType,
  compression: string | null,
  isComplete: boolean,
): RecalledMessage | null {
  const text = openingText(body, type, compression);
  if (text !== null) {
    const recalled = recall(openings.known, text, type);
    if (recalled !== null) return recalled;
  }
  const read = readMessage(body, type, compression, isComplete);
  if (read === null) return null;
  if (text !== null && read.scan.isDecided && isWorthLearning(openings)) learn(openings, text, type, read);
  return { scan: read.scan, encoding: read.encoding, opening: null };
}

function recall(known: KnownOpening[], text: string, type: ContentType): RecalledMessage | null {
  for (let index = 0; index < known.length; index++) {
    const opening = known[index];
    if (opening === undefined || opening.type !== type) continue;
    const recalled = matchOpening(opening, text);
    if (recalled === null) continue;
    if (index > 0) {
      known.splice(index, 1);
      known.unshift(opening);
    }
    return recalled;
  }
  return null;
}

function isWorthLearning(openings: KnownOpenings): boolean {
  const misses = ++openings.misses;
  return misses <= LESSONS_MAX || (misses & (misses - 1)) === 0;
}

function learn(openings: KnownOpenings, text: string, type: ContentType, read: ReadMessage): void {
  const opening = learnOpening(text, type, read);
  if (opening === null) return;
  openings.known.unshift(opening);
  if (openings.known.length > OPENINGS_MAX) openings.known.pop();
}

/** The beginning of a plain body as it stands there, byte for character. Null: it is not held in a form that is compared. */
function openingText(body: HeldBody, type: ContentType, compression: string | null): string | null {
  const first = body.slab === null ? body.chunks[0] : undefined;
  if (first === undefined || isCompressed(compression) || isMultipart(type)) return null;
  if (typeof first === 'string') return first.length > OPENING_CHARS_MAX ? first.slice(0, OPENING_CHARS_MAX) : first;
  const length = Math.min(first.byteLength, OPENING_CHARS_MAX);
  const bytes = Buffer.isBuffer(first) ? first : Buffer.from(first.buffer, first.byteOffset, first.byteLength);
  return bytes.toString('latin1', 0, length);
}

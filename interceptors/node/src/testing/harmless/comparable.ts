import { createHash } from 'node:crypto';

/** Text over this is compared by its length and hash. */
const WHOLE_TEXT_MAX = 16_384;

/**
 * What is said on the wire or in a log, without what differs between any two runs. Each line here is listed with its
 * reason in HARMLESS.md.
 */
export function comparableText(text: string, ports: readonly number[], isEcho = false): string {
  let comparable = text
    .replace(/[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT/g, 'DATE')
    // The second in which `soap` wrote its wsu:Timestamp, and the nonce of its UsernameToken.
    .replace(/(<[\w:]*(?:Created|Expires|Nonce)\b[^>]*>)[^<]*/g, '$1')
    .replace(/("?)([0-9a-f]{8}-[0-9a-f]{4}-[1-7][0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12})\1/g, 'UUID')
    .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{3})?Z/g, 'TIME');
  for (const port of ports) comparable = comparable.replace(new RegExp(`(?<!\\d)${port}(?!\\d)`, 'g'), 'PORT');
  if (isEcho) comparable = withoutChunks(comparable);
  // A page that tells a stack trace, as express makes it outside production, is as long as its frames.
  if (comparable.includes(' &nbsp;at '))
    comparable = comparable.replace(/\r\ncontent-length: \d+/gi, '\r\nContent-Length: LENGTH');
  comparable = withoutOurFrames(comparable);
  if (comparable.length <= WHOLE_TEXT_MAX) return comparable;
  const hash = createHash('sha1').update(comparable, 'latin1').digest('hex');
  return `${comparable.slice(0, 400)} … ${comparable.length} characters, ${hash}`;
}

/** Sizes of chunks, and the ends of their lines. */
const withoutChunks = (wire: string): string => wire.replace(/\r\n[0-9a-f]+\r\n/g, '\r\n').replace(/\r\n/g, '');

/**
 * A patched method is one frame more in a stack trace; nothing else of it may differ. `callbackTrampoline` is Node's own
 * frame, there as soon as any AsyncLocalStorage is in use.
 */
export const withoutOurFrames = (text: string): string =>
  text
    .replace(/<br> &nbsp; &nbsp;at [^<]*(?:\/tap\/(?:patches|guarded)\.[jt]s:|callbackTrampoline)[^<]*?(?=<)/g, '')
    .replace(/\n\s+at [^\n]*\/tap\/(?:patches|guarded)\.[jt]s:[^\n]*/g, '')
    .replace(/\n\s+at [^\n]*callbackTrampoline \(node:internal\/async_hooks:[^\n]*/g, '');

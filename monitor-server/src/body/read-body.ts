import type { IncomingMessage } from 'node:http';

export type Body =
  | { readonly kind: 'body'; readonly bytes: Buffer }
  | { readonly kind: 'tooLarge' }
  /** The sender went away before the end. */
  | { readonly kind: 'cutOff' };

/** What is read and thrown away of a body that is too large, so that its sender hears the answer; then the line is cut. */
const DRAIN_BYTES_MAX = 64 * 1024 * 1024;

/** The whole body, of at most `bytesMax`. `tooLarge` is told as soon as it is known. */
export function readBody(request: IncomingMessage, bytesMax: number): Promise<Body> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    if (Number(request.headers['content-length'] ?? 0) > bytesMax) resolve({ kind: 'tooLarge' });
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= bytesMax) chunks.push(chunk);
      else {
        chunks.length = 0;
        resolve({ kind: 'tooLarge' });
        if (bytes > DRAIN_BYTES_MAX) request.destroy();
      }
    });
    request.on('end', () => resolve({ kind: 'body', bytes: Buffer.concat(chunks) }));
    request.on('error', () => resolve({ kind: 'cutOff' }));
    request.on('close', () => resolve({ kind: 'cutOff' }));
  });
}

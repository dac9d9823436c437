/** One header of a part. MIME headers are few and short; a line that begins with white space goes on with the one before. */
export function headerOf(
  head: string,
  name: 'content-id' | 'content-type' | 'content-transfer-encoding',
): string | null {
  for (const line of head.split(/\r?\n(?![ \t])/)) {
    const colon = line.indexOf(':');
    if (colon > 0 && line.slice(0, colon).trim().toLowerCase() === name) return line.slice(colon + 1).trim();
  }
  return null;
}

/** A Content-ID or `start` as it is compared: with or without '<' and '>', in any case. */
export const bareId = (id: string): string => id.trim().replace(/^<|>$/g, '').toLowerCase();

/** The parts of a Content-Type that matter here. Media type and charset in lower case. */
export interface ContentType {
  readonly mediaType: string;
  readonly charset: string | null;
  readonly action: string | null;
  readonly boundary: string | null;
  readonly start: string | null;
  readonly type: string | null;
}

/** A longer header is cut before it is read: the regular expression below must not be fed without end. */
const HEADER_MAX = 4_096;

export function parseContentType(header: string): ContentType {
  const bounded = header.slice(0, HEADER_MAX);
  const semicolon = bounded.indexOf(';');
  const mediaType = (semicolon < 0 ? bounded : bounded.slice(0, semicolon)).trim().toLowerCase();
  const found = new Map<string, string>();
  if (semicolon >= 0) {
    for (const match of bounded.slice(semicolon).matchAll(/;\s*([\w-]+)\s*=\s*(?:"([^"]*)"|([^;\s"]*))/g)) {
      const name = (match[1] ?? '').toLowerCase();
      if (!found.has(name)) found.set(name, match[2] ?? match[3] ?? '');
    }
  }
  return {
    mediaType,
    charset: found.get('charset')?.toLowerCase() ?? null,
    action: found.get('action') ?? null,
    boundary: found.get('boundary') ?? null,
    start: found.get('start') ?? null,
    type: found.get('type')?.toLowerCase() ?? null,
  };
}

/** A service sees the same few headers again and again; those with a boundary of their own push the others out now and then. */
const PARSED_MAX = 256;

/** Remembers what it parsed. */
export function createContentTypeReader(): (header: string) => ContentType {
  const parsed = new Map<string, ContentType>();
  // Mostly the same as the last time: to compare the two costs less than to look up a text that was never looked up before.
  let last = { header: '', contentType: parseContentType('') };
  return (header) => {
    if (header === last.header) return last.contentType;
    let contentType = parsed.get(header);
    if (contentType === undefined) {
      if (parsed.size >= PARSED_MAX) parsed.clear();
      contentType = parseContentType(header);
      parsed.set(header, contentType);
    }
    last = { header, contentType };
    return contentType;
  };
}

/** `perhaps`: SOAP when its root is an Envelope. */
export type Likelihood = 'certain' | 'perhaps' | 'no';

const ENVELOPE_TYPES = new Set(['text/xml', 'application/soap+xml', 'application/xop+xml']);

export const isEnvelopeType = (mediaType: string): boolean =>
  ENVELOPE_TYPES.has(mediaType) || mediaType === 'application/xml';

/** Whether its body is several parts, of which one is the envelope. */
export const isMultipart = ({ mediaType, boundary }: ContentType): boolean =>
  boundary !== null && boundary !== '' && mediaType.startsWith('multipart/');

/** Whether a POST with these headers is a SOAP message. */
export function soapLikelihood(contentType: ContentType, hasSoapAction: boolean): Likelihood {
  const { mediaType, type } = contentType;
  if (hasSoapAction || ENVELOPE_TYPES.has(mediaType)) return 'certain';
  if (mediaType === 'multipart/related') return type === null || ENVELOPE_TYPES.has(type) ? 'certain' : 'no';
  return mediaType === 'application/xml' ? 'perhaps' : 'no';
}

import { createChunksReader } from '@soa-monitor/interceptor/envelope';
import { XMLParser } from 'fast-xml-parser';
import { SaxesParser } from 'saxes';

/** Finds the operation of an envelope; '' when it finds none. */
export type FindOperation = (envelope: Buffer) => string;

/** The peers get what they need to answer the same question, and no more. */
export const PARSERS: { readonly [name: string]: FindOperation } = {
  reader: createReader(),
  'saxes (prefix)': withSaxes,
  'fast-xml-parser': createFast(),
};

function createReader(): FindOperation {
  const read = createChunksReader('text/xml; charset=utf-8');
  return (envelope) => read([envelope])?.operation?.name ?? '';
}

/** Fed in slices, and stopped at the first child of Body. */
function withSaxes(envelope: Buffer): string {
  const parser = new SaxesParser({ xmlns: true });
  let depth = 0;
  let isInBody = false;
  let found = '';
  parser.on('opentag', ({ local }) => {
    if (depth === 2 && isInBody && found === '') found = local;
    if (depth === 1) isInBody = local === 'Body';
    depth++;
  });
  parser.on('closetag', () => {
    depth--;
  });
  for (let at = 0; at < envelope.length && found === ''; at += 512)
    parser.write(envelope.toString('utf8', at, at + 512));
  return found;
}

function createFast(): FindOperation {
  const parser = new XMLParser({ removeNSPrefix: true, ignoreAttributes: true });
  return (envelope) => {
    const parsed: { Envelope?: { Body?: object } } = parser.parse(envelope);
    return Object.keys(parsed.Envelope?.Body ?? {})[0] ?? '';
  };
}

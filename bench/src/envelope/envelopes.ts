const SOAP = 'http://schemas.xmlsoap.org/soap/envelope/';
const ITEM = '<item sku="A-1"><name>some name &amp; more</name><quantity>3</quantity></item>';

/** An order with WS-Addressing, filled with items to about `bytes`. */
export function orderOf(bytes: number): Buffer {
  const head =
    `<?xml version="1.0" encoding="utf-8"?><soap:Envelope xmlns:soap="${SOAP}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">` +
    '<soap:Header><a:MessageID xmlns:a="http://www.w3.org/2005/08/addressing">urn:uuid:5f0cf4a8-6c0a-4c80-9a4c-3e8a4f3f9d11</a:MessageID>' +
    '</soap:Header><soap:Body><o:placeOrder xmlns:o="urn:orders">';
  const tail = '</o:placeOrder></soap:Body></soap:Envelope>';
  const items = Math.max(0, Math.round((bytes - head.length - tail.length) / ITEM.length));
  return Buffer.from(head + ITEM.repeat(items) + tail);
}

/** Envelopes whose operation stands behind what is meant to cost; each grows by repetition of one piece. */
export const HOSTILE: { readonly [name: string]: (bytes: number) => Buffer } = {
  'many attributes': (bytes) => inTag(' a="b"', bytes),
  'many namespaces': (bytes) => inTag(' xmlns:a="urn:b"', bytes),
  'deep nesting': (bytes) => inHeader('<a>', bytes),
  'deep nesting with namespaces': (bytes) => inHeader('<a xmlns:b="c">', bytes),
  'many header blocks': (bytes) => inHeader('<s:a/>', bytes),
  'an unterminated comment': (bytes) => inHeader('<!--', bytes),
  'an unterminated value': (bytes) => inHeader('<a b="', bytes),
  "a storm of '<'": (bytes) => inHeader('<', bytes),
  "a storm of '&'": (bytes) => inFault('&', bytes),
  'a storm of references': (bytes) => inFault('&#65;', bytes),
  'a storm of CDATA': (bytes) => inFault('<![CDATA[&]]>', bytes),
};

const OPEN = `<s:Envelope xmlns:s="${SOAP}">`;

const fill = (piece: string, bytes: number): string => piece.repeat(Math.ceil(bytes / piece.length));

const inTag = (piece: string, bytes: number): Buffer =>
  Buffer.from(`<s:Envelope xmlns:s="${SOAP}"${fill(piece, bytes)}><s:Body><go/></s:Body></s:Envelope>`);

const inHeader = (piece: string, bytes: number): Buffer => Buffer.from(`${OPEN}<s:Header>${fill(piece, bytes)}`);

const inFault = (piece: string, bytes: number): Buffer =>
  Buffer.from(
    `${OPEN}<s:Body><s:Fault><faultstring>${fill(piece, bytes)}</faultstring></s:Fault></s:Body></s:Envelope>`,
  );

/** 2 KB each way, as a small order and its answer would be. */
const PADDING = 'x'.repeat(1_780);

const envelope = (operation: string): string =>
  '<?xml version="1.0" encoding="utf-8"?><soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>' +
  `<${operation} xmlns="urn:bench"><item>${PADDING}</item></${operation}></soap:Body></soap:Envelope>`;

export const REQUEST = envelope('order');
export const REPLY = envelope('orderResponse');
export const REQUEST_HEADERS = { 'content-type': 'text/xml; charset=utf-8', soapaction: '"urn:bench#order"' };

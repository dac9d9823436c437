/** Request lines and what they say of their content. A null type: no body is sent. */
export const requests: {
  readonly [name: string]: { readonly line: string; readonly headers: string; readonly hasBody: boolean };
} = {
  'POST text/xml': { line: 'POST /s HTTP/1.1', headers: 'Content-Type: text/xml; charset=utf-8\r\n', hasBody: true },
  'POST with SOAPAction': {
    line: 'POST /s?a=b HTTP/1.1',
    headers: 'Content-Type: text/xml\r\nSOAPAction: "urn:greeter#greet"\r\nX-Order: 1\r\nx-order: 2\r\n',
    hasBody: true,
  },
  'POST application/soap+xml': {
    line: 'POST /s HTTP/1.1',
    headers: 'content-type: application/soap+xml; action="urn:a"\r\ntraceparent: 00-a-b-01\r\n',
    hasBody: true,
  },
  'POST multipart/related': {
    line: 'POST /s HTTP/1.1',
    headers: 'Content-Type: multipart/related; type="application/xop+xml"; boundary=b\r\n',
    hasBody: true,
  },
  'POST JSON': { line: 'POST /s HTTP/1.1', headers: 'Content-Type: application/json\r\n', hasBody: true },
  'POST without a type': { line: 'POST /s HTTP/1.1', headers: '', hasBody: true },
  'PUT text/xml': { line: 'PUT /s HTTP/1.1', headers: 'Content-Type: text/xml\r\n', hasBody: true },
  'GET ?wsdl': { line: 'GET /s?wsdl HTTP/1.1', headers: '', hasBody: false },
  HEAD: { line: 'HEAD /s HTTP/1.1', headers: 'Content-Type: text/xml\r\n', hasBody: false },
  OPTIONS: { line: 'OPTIONS * HTTP/1.1', headers: '', hasBody: false },
  'POST HTTP/1.0': { line: 'POST /s HTTP/1.0', headers: 'Content-Type: text/xml\r\n', hasBody: true },
};

/** How many requests a connection carries, and how they follow each other. */
export const connections = {
  'one, then closed': { count: 1, isPipelined: false },
  'three in turn': { count: 3, isPipelined: false },
  'three pipelined': { count: 3, isPipelined: true },
};

/** What a request says it expects, and whether it waits for it. */
export const expectations = {
  nothing: { headers: '', waits: false },
  '100-continue, and waits': { headers: 'Expect: 100-continue\r\n', waits: true },
  '100-continue, and does not wait': { headers: 'Expect: 100-continue\r\n', waits: false },
  miracles: { headers: 'Expect: miracles\r\n', waits: true },
};

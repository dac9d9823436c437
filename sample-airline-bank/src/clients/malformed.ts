import { request as httpRequest } from 'node:http';
import type { Contract } from '../soap/contract.ts';
import { type Answer, lossOf } from '../soap/outcome.ts';

/** XML that no parser accepts, broken near its end: what it was meant to be can still be read. */
export function malformedEnvelope(contract: Contract, operation: string, account: string, pick: number): string {
  const open = `<?xml version="1.0" encoding="utf-8"?><soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>`;
  const call = `<${operation} xmlns="${contract.namespace}"><account>${account}</account>`;
  const endings = [
    '',
    `</${operation}></soap:Body>`,
    `</listEverything></soap:Body></soap:Envelope>`,
    `<owner>Tick & Tock</owner></${operation}></soap:Body></soap:Envelope>`,
  ];
  return `${open}${call}${endings[Math.floor(pick * 1_000) % endings.length]}`;
}

/** Posts it as it stands, as no SOAP client would. Whatever is answered, the call was malformed. */
export function postMalformed(
  endpoint: string,
  envelope: string,
  action: string,
  timeoutMillis: number,
): Promise<Answer> {
  return new Promise((resolve) => {
    const lost = (error: unknown) => resolve({ kind: lossOf(error), reason: String(error) });
    const headers = { 'content-type': 'text/xml; charset=utf-8', soapaction: `"${action}"` };
    const request = httpRequest(endpoint, { method: 'POST', headers }, (response) => {
      response.resume();
      response.on('error', lost);
      response.on('end', () => resolve({ kind: 'malformed', reason: `answered with ${response.statusCode}` }));
    });
    request.setTimeout(timeoutMillis, () => {
      request.destroy(Object.assign(new Error(`no answer in ${timeoutMillis} ms`), { code: 'ETIMEDOUT' }));
    });
    request.on('error', lost);
    request.end(envelope);
  });
}

import { request } from 'node:http';
import type { Exchange, Exchanges } from '@soa-monitor/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask } from './driver/counts.ts';
import { type Estate, startEstate } from './driver/estate.ts';

const ENVELOPE = (inner: string): string =>
  `<?xml version="1.0" encoding="utf-8"?><soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/">` +
  `<soap:Body>${inner}</soap:Body></soap:Envelope>`;
const BALANCE = (account: string): string =>
  ENVELOPE(`<b:balance xmlns:b="urn:sample:bank:1"><b:account>${account}</b:account></b:balance>`);
const UTF_16 = Buffer.concat([
  Buffer.from([0xff, 0xfe]),
  Buffer.from(BALANCE('nobody').replace('utf-8', 'utf-16'), 'utf16le'),
]);

let estate: Estate;
let bank: string;

beforeAll(async () => {
  estate = await startEstate({ rate: 1 });
  bank = /^bank\s+pid \d+\s+(\S+)/m.exec(estate.output())?.[1] ?? '';
});
afterAll(() => estate?.close());

/** Sends a body as it is, with its length, and gives the status and how many bytes it was. */
function post(body: Buffer, contentType = 'text/xml; charset=utf-8'): Promise<{ status: number; bytes: number }> {
  return new Promise((resolve, reject) => {
    const headers = {
      'Content-Type': contentType,
      'Content-Length': body.length,
      SOAPAction: '"urn:sample:bank:1/balance"',
    };
    const call = request(bank, { method: 'POST', headers, agent: false }, (answer) => {
      answer.resume();
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, bytes: body.length }));
    });
    call.on('error', reject);
    call.end(body);
  });
}

/** What the monitor shows of the message of so many bytes. */
async function shown(bytes: number): Promise<Exchange> {
  let found: Exchange | undefined;
  await expect
    .poll(
      async () => {
        const to = (Date.now() + 60_000) * 1_000;
        const { exchanges } = await ask<Exchanges>(
          estate.url,
          `exchanges?from=${to - 600_000_000}&to=${to}&limit=1000`,
        );
        found = exchanges.find((exchange) => exchange.requestBytes === bytes && exchange.outcome !== null);
        return found !== undefined;
      },
      { interval: 200, timeout: 30_000 },
    )
    .toBe(true);
  if (found === undefined) throw new Error('unreachable: polled above');
  return found;
}

const operationOf = ({ call }: Exchange): string => (call.operation === null ? '' : call.operation.name);

const STRANGE: readonly (readonly [name: string, body: Buffer, outcome: string, operation: string])[] = [
  ['XML that is cut off', Buffer.from(BALANCE('one').slice(0, -20)), 'malformed', 'balance'],
  ['XML with crossing tags', Buffer.from(BALANCE('<a><b></a></b>')), 'malformed', 'balance'],
  ['no XML at all', Buffer.from('it is not XML, and 40 bytes in all here.'), 'malformed', ''],
  ['an empty body, named by its SOAPAction', Buffer.alloc(0), 'malformed', 'balance'],
  [
    'ten thousand nested elements',
    Buffer.from(BALANCE(`${'<n>'.repeat(10_000)}${'</n>'.repeat(10_000)}`)),
    'fault',
    'balance',
  ],
  ['a body of 50 MB', Buffer.from(BALANCE('x'.repeat(50 * 1024 * 1024))), 'fault', 'balance'],
];
const DOCTYPE = Buffer.from(BALANCE('two').replace('?>', '?><!DOCTYPE soap:Envelope [<!ENTITY a "b">]>'));

/** Each is shown when the other half has not come in time: sent together, they are waited for together. */
describe('a message that no client should send', () => {
  const answers = new Map<Buffer, Promise<{ readonly status: number; readonly bytes: number }>>();
  beforeAll(() => {
    for (const [, body] of STRANGE) answers.set(body, post(body));
    answers.set(DOCTYPE, post(DOCTYPE));
    answers.set(UTF_16, post(UTF_16, 'text/xml; charset=utf-16'));
    return Promise.all(answers.values());
  });
  const answerTo = async (body: Buffer) => (await answers.get(body)) ?? { status: 0, bytes: -1 };

  it.each(STRANGE)('is on the map as what it was: %s', async (_name, body, outcome, operation) => {
    const { status, bytes } = await answerTo(body);
    expect(status).toBeGreaterThanOrEqual(400);
    const exchange = await shown(bytes);
    expect(exchange).toMatchObject({
      outcome,
      status,
      halves: 'server',
      sourceName: '127.0.0.1',
      targetName: 'bank · /bank',
    });
    expect(operationOf(exchange)).toBe(operation);
  });

  it('is on the map as what it was: UTF-16', async () => {
    const { status, bytes } = await answerTo(UTF_16);
    const exchange = await shown(bytes);
    // Well-formed XML, which `soap` does not decode: the service's fault.
    expect(exchange).toMatchObject({ outcome: 'fault', status, halves: 'server' });
    expect(operationOf(exchange)).toBe('balance');
  });

  it('is on the map as what it was: a DOCTYPE', async () => {
    const { status, bytes } = await answerTo(DOCTYPE);
    // SOAP forbids a DTD, so nothing behind it is read.
    expect(await shown(bytes)).toMatchObject({ outcome: 'malformed', status, halves: 'server' });
  });

  it('has not hurt the service', async () => {
    expect((await post(Buffer.from(BALANCE('nobody at all')))).status).toBe(500);
  });
});

import { describe, expect, test } from 'vitest';
import { parseContentType } from '../envelope/content-type.ts';
import { readMessage } from '../envelope/read-message.ts';
import { createCallBook } from './call-book.ts';
import type { Target } from './exchange.ts';
import { createHeldBody, holdChunk } from './held-body.ts';

const S = 'http://schemas.xmlsoap.org/soap/envelope/';
const ENCRYPTED = '<x:EncryptedData xmlns:x="http://www.w3.org/2001/04/xmlenc#"/>';
const WSA = '<a:Action xmlns:a="http://www.w3.org/2005/08/addressing">urn:wsa/Pay</a:Action>';

const envelope = (body: string, header = ''): string =>
  `<s:Envelope xmlns:s="${S}"><s:Header>${header}</s:Header><s:Body>${body}</s:Body></s:Envelope>`;

const target = (soapAction: string | null, contentType = 'text/xml'): Target => ({
  address: null,
  path: '/pay',
  contentType: parseContentType(contentType),
  compression: null,
  soapAction,
  traceparent: null,
  isCertain: true,
});

function callFor(text: string, to: Target, isFinal = true) {
  const body = createHeldBody();
  holdChunk(body, text, undefined);
  return createCallBook().callOf(to, readMessage(body, to.contentType, null, isFinal), isFinal);
}

test("Body's first child decides, whatever the action says", () => {
  const call = callFor(envelope('<p:pay xmlns:p="urn:p"/>', WSA), target('urn:other#Refund'));
  expect(call).toMatchObject({ operation: { namespace: 'urn:p', name: 'pay' }, action: 'urn:other#Refund' });
  expect(call).not.toHaveProperty('operationSource');
  expect(call).not.toHaveProperty('encrypted');
});

describe('where the Body is encrypted or says nothing, the action decides', () => {
  const parameter = 'application/soap+xml; action="http://p.example/Pay"';
  test.each([
    ['SOAPAction first', target('urn:s#Pay', parameter), 'soapAction', 'urn:s'],
    ['then the action parameter', target('', parameter), 'parameter', 'http://p.example'],
    ['then wsa:Action', target(null), 'wsa', 'urn:wsa'],
  ])('%s', (_what, to, operationSource, namespace) => {
    const operation = { namespace, name: 'Pay' };
    expect(callFor(envelope(ENCRYPTED, WSA), to)).toMatchObject({ operation, operationSource, encrypted: true });
    const empty = callFor(envelope('', WSA), to);
    expect(empty).toMatchObject({ operation, operationSource });
    expect(empty).not.toHaveProperty('encrypted');
  });
  test.each([
    ['urn:pay:Refund', 'urn:pay', 'Refund'],
    ['http://p.example/service/Refund/', 'http://p.example/service', 'Refund'],
    ['http://p.example/service#Refund', 'http://p.example/service', 'Refund'],
    ['Refund', '', 'Refund'],
  ])('%s names its last segment', (action, namespace, name) => {
    expect(callFor(envelope(''), target(action)).operation).toEqual({ namespace, name });
  });
  test('and where no action says anything the operation is unknown', () => {
    expect(callFor(envelope(ENCRYPTED), target(null))).toMatchObject({ operation: null, encrypted: true });
    expect(callFor(envelope(''), target('//')).operation).toBeNull();
    expect(callFor('no envelope', target('urn:s#Pay')).operation).toBeNull();
  });
});

test('while the Body may still come, the action decides nothing', () => {
  const [beginning = ''] = envelope('').split('<s:Body>');
  expect(callFor(beginning, target('urn:s#Pay'), false).operation).toBeNull();
  expect(callFor(beginning, target('urn:s#Pay'), true)).toMatchObject({ operationSource: 'soapAction' });
});

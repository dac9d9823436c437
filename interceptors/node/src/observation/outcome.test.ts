import { expect, test } from 'vitest';
import { scanEnvelope } from '../envelope/scan-envelope.ts';
import { greetRequest } from '../testing/greeter.ts';
import { decideOutcome, type Ending } from './outcome.ts';

const S = 'xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"';
const fault = scanEnvelope(
  `<s:Envelope ${S}><s:Body><s:Fault><faultcode>x</faultcode></s:Fault></s:Body></s:Envelope>`,
  true,
);
const other = scanEnvelope('Error: oops', true);
const good: Ending & { isBad?: boolean } = {
  failure: null,
  status: 200,
  isRequestWhole: true,
  requestBytes: 100,
  replyBytes: 100,
  request: scanEnvelope(greetRequest('ada'), true),
  reply: scanEnvelope(greetRequest('ada'), true),
};

test.each<[string, Partial<typeof good>, string]>([
  ['a whole exchange', {}, 'ok'],
  ['no connection before all else', { failure: 'refused', requestBytes: 0 }, 'refused'],
  ['a lost connection before a fault', { failure: 'aborted', reply: fault }, 'aborted'],
  ['a fault under status 200', { reply: fault }, 'fault'],
  ['a fault under status 500', { reply: fault, status: 500 }, 'fault'],
  ['a fault for bad XML', { reply: fault, isBad: true }, 'malformed'],
  ['bad XML that was accepted', { isBad: true }, 'ok'],
  ['an HTTP error', { status: 503, reply: null }, 'httpError'],
  ['a redirect', { status: 302, reply: null, replyBytes: 0 }, 'httpError'],
  ['a stack trace under status 200', { reply: other }, 'httpError'],
  ['a stack trace for bad XML', { reply: other, isBad: true }, 'malformed'],
  ['another reply to what was no envelope', { reply: other, request: other }, 'ok'],
  ['an empty request', { requestBytes: 0, request: null, status: 500 }, 'malformed'],
  ['an empty request that was taken', { requestBytes: 0, request: null }, 'malformed'],
  [
    'an empty request whose end did not arrive',
    { requestBytes: 0, request: null, isRequestWhole: false, status: 413 },
    'httpError',
  ],
  ['the first round of NTLM', { requestBytes: 0, request: null, status: 401, reply: null, replyBytes: 0 }, 'httpError'],
  ['an empty reply', { status: 202, replyBytes: 0, reply: null }, 'oneWay'],
])('%s', (_what, facts, outcome) => {
  const ending = { ...good, ...facts };
  expect(decideOutcome(ending, ({ isBad = false }) => isBad, ending, null)).toBe(outcome);
});

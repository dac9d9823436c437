import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createHeldBody, type HeldBody, holdChunk } from '../observation/held-body.ts';
import { parseContentType } from './content-type.ts';
import { createKnownOpenings, recallMessage } from './known-openings.ts';
import { readMessage } from './read-message.ts';

const type = parseContentType('text/xml; charset=utf-8');
const S = 'xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" xmlns:a="http://www.w3.org/2005/08/addressing"';
const call = (id: string, name: string, after = '</s:Body></s:Envelope>'): string =>
  `<?xml version="1.0"?>\n<s:Envelope ${S}>\n <s:Header><a:MessageID>${id}</a:MessageID><a:To>${name}</a:To></s:Header>` +
  `<s:Body><o:book xmlns:o="urn:o"><o:who>${name}</o:who></o:book>${after}`;
const fault = (code: string, reason: string, detail: string): string =>
  `<s:Envelope ${S}><s:Body><s:Fault><faultcode>${code}</faultcode><faultstring xml:lang="en">${reason}</faultstring>` +
  `<detail><x:no xmlns:x="urn:x">${detail}</x:no></detail></s:Fault></s:Body></s:Envelope>`;
const fault12 = (value: string, reason: string): string =>
  '<e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope"><e:Body><e:Fault><e:Code><e:Value>e:Sender</e:Value>' +
  `<e:Subcode><e:Value>${value}</e:Value></e:Subcode></e:Code><e:Reason><e:Text xml:lang="en">${reason}</e:Text></e:Reason>` +
  '</e:Fault></e:Body></e:Envelope>';

const bodyOf = (text: string, asString = false): HeldBody => {
  const body = createHeldBody();
  holdChunk(body, asString ? text : Buffer.from(text), 'utf8');
  return body;
};
const scanOf = (text: string) => readMessage(bodyOf(text), type, null)?.scan;

/** What a gap may hold, good and bad. */
const gap = fc.oneof(
  fc.uuid(),
  fc.constantFrom(
    '',
    ' ',
    ' x ',
    '&amp;',
    'a&b',
    '<b/>',
    '<![CDATA[x]]>',
    '<!-- -->',
    ']]>',
    '"',
    "it's",
    '>',
    'ä€',
    'x'.repeat(700),
  ),
  fc.string({ maxLength: 40 }),
);

describe('a message that begins as an earlier one did', () => {
  test.each<[string, (one: string, two: string, three: string) => string]>([
    ['a call with a message id', (id, name) => call(id, name)],
    ['a fault of SOAP 1.1', fault],
    ['a fault of SOAP 1.2', (value, reason) => fault12(value, reason)],
  ])('is read as if it were the first: %s', (_what, make) => {
    fc.assert(
      fc.property(fc.tuple(gap, gap, gap), fc.boolean(), fc.nat(), fc.boolean(), (gaps, asString, cut, isCut) => {
        const openings = createKnownOpenings();
        recallMessage(openings, bodyOf(make('one', 'two', 'three')), type, null, true);
        expect(openings.known).toHaveLength(1);
        const whole = make(...gaps);
        const text = isCut ? whole.slice(0, cut % whole.length) : whole;
        const recalled = recallMessage(openings, bodyOf(text, asString), type, null, true);
        expect(recalled?.scan).toEqual(scanOf(text));
      }),
      { numRuns: 400 },
    );
  });

  test('is read as if it were the first, whatever a change of any character does to it', () => {
    const openings = createKnownOpenings();
    const first = call('one', 'ada');
    recallMessage(openings, bodyOf(first), type, null, true);
    fc.assert(
      fc.property(
        fc.nat(first.length - 1),
        fc.constantFrom('<', '>', '"', ':', 'x', '/', ' ', '&', '!', ''),
        (at, put) => {
          const text = first.slice(0, at) + put + first.slice(at + 1);
          expect(recallMessage(openings, bodyOf(text), type, null, true)?.scan).toEqual(scanOf(text));
        },
      ),
      { numRuns: 2_000 },
    );
  });

  test('is recognised, and what differs is taken from it', () => {
    const openings = createKnownOpenings();
    recallMessage(openings, bodyOf(call('urn:1', 'ada')), type, null, true);
    const recalled = recallMessage(openings, bodyOf(call('urn:2', 'bob', '<rest>')), type, null, true);
    expect(recalled?.opening).toBe(openings.known[0]);
    expect(recalled?.scan).toMatchObject({ messageId: 'urn:2', operation: { name: 'book' } });
    expect(openings.misses).toBe(1);
  });
});

test.each([
  ['comments, which may hold tags', call('x', 'y').replace('<s:Body>', '<!-- <s:Body> --><s:Body>')],
  ['characters beyond ASCII', call('x', 'ä')],
  ['an opening longer than is kept', call('x', 'y').replace('<a:To>', `<a:To t="${'x'.repeat(5_000)}">`)],
  ['what is no envelope, for text before it', call('x', 'y').replace('\n<s:Envelope', 'x<s:Envelope')],
  ['what is not decided', call('x', 'y').slice(0, 150)],
])('nothing is learnt from %s', (_what, text) => {
  const openings = createKnownOpenings();
  recallMessage(openings, bodyOf(text), type, null, false);
  expect(openings.known).toEqual([]);
});

test('a service that never says the same twice is not learnt from for ever', () => {
  const openings = createKnownOpenings();
  for (let number = 0; number < 3_000; number++) {
    const text = call('id', 'x').replaceAll('o:book', `o:book${number}`);
    expect(recallMessage(openings, bodyOf(text), type, null, true)?.scan).toEqual(scanOf(text));
  }
  expect(openings.known).toHaveLength(8);
  expect(openings.misses).toBe(3_000);
});

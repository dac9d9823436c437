import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { seededChoices, writeDocument } from '../testing/documents.ts';
import { faultOf, idOf, operationOf } from './message-facts.ts';
import { createEnvelopeReader, type EnvelopeScan, endEnvelope, feedEnvelope, scanEnvelope } from './scan-envelope.ts';

const S11 = 'http://schemas.xmlsoap.org/soap/envelope/';
const S12 = 'http://www.w3.org/2003/05/soap-envelope';
const WSA = 'http://www.w3.org/2005/08/addressing';

const envelope = (body: string, header = '', namespace = S11): string =>
  `<?xml version="1.0"?><s:Envelope xmlns:s="${namespace}">${header && `<s:Header>${header}</s:Header>`}<s:Body>${body}</s:Body></s:Envelope>`;

const faultIn = (text: string) => faultOf({ scan: scanEnvelope(text, true), encoding: 'utf8' });

describe('finds the operation', () => {
  const cases: readonly (readonly [string, string, { namespace: string; name: string } | null])[] = [
    ['with its own prefix', envelope('<t:book xmlns:t="urn:t"/>'), { namespace: 'urn:t', name: 'book' }],
    ['in the default namespace', envelope('<book xmlns="urn:t"><a/></book>'), { namespace: 'urn:t', name: 'book' }],
    ['without a namespace', envelope('<book/>'), { namespace: '', name: 'book' }],
    [
      'with a prefix declared at the Envelope',
      `<E:Envelope xmlns:E="${S11}" xmlns:t='urn:t'><E:Body><t:b/></E:Body></E:Envelope>`,
      { namespace: 'urn:t', name: 'b' },
    ],
    [
      'when SOAP is the default namespace',
      `<Envelope xmlns="${S11}"><Body><b xmlns="urn:t"/></Body></Envelope>`,
      { namespace: 'urn:t', name: 'b' },
    ],
    [
      'when SOAP is the default namespace and the child undeclares it',
      `<Envelope xmlns="${S11}"><Body><b xmlns=""/></Body></Envelope>`,
      { namespace: '', name: 'b' },
    ],
    [
      'behind comments and instructions',
      envelope('<!-- <evil/> --><?go <evil?><t:b xmlns:t="urn:t"/>'),
      { namespace: 'urn:t', name: 'b' },
    ],
    ['behind a comment before the root', `<!--<a>--> ${envelope('<b/>')}`, { namespace: '', name: 'b' }],
    ["with '>' in attributes", envelope(`<t:b a="x>y" xmlns:t='urn:>t'>`), { namespace: 'urn:>t', name: 'b' }],
    [
      'with the word xmlns in a value',
      envelope(`<t:b a=" xmlns:t='no'" xmlns:t="urn:t"/>`),
      { namespace: 'urn:t', name: 'b' },
    ],
    [
      'with references in the namespace',
      envelope('<t:b xmlns:t="urn:a&amp;b&#x41;"/>'),
      { namespace: 'urn:a&bA', name: 'b' },
    ],
    ['behind CDATA', envelope('<![CDATA[<evil/>]]><b/>'), { namespace: '', name: 'b' }],
    [
      'past a foreign Body in the Header',
      envelope('<b/>', '<x:Body xmlns:x="urn:x"><evil/></x:Body><s:Body><evil/></s:Body>'),
      { namespace: '', name: 'b' },
    ],
    ['with an empty Body', envelope(''), null],
    ['with a Body that is one tag', `<s:Envelope xmlns:s="${S11}"><s:Body/></s:Envelope>`, null],
    ['with prefixes that go out of force', envelope('<t:b/>', '<t:h xmlns:t="urn:h"/>'), { namespace: '', name: 'b' }],
  ];
  test.each(cases)('%s', (_what, text, operation) => {
    const scan = scanEnvelope(text, true);
    expect(scan).toMatchObject({ isDecided: true, root: 'envelope' });
    expect(operationOf({ scan, encoding: 'utf8' })).toEqual(operation);
  });
});

test('tells the SOAP version by the namespace, and neither for another one', () => {
  expect(scanEnvelope(envelope('<a/>', '', S11), true).version).toBe('1.1');
  expect(scanEnvelope(envelope('<a/>', '', S12), true).version).toBe('1.2');
  expect(scanEnvelope(envelope('<a/>', '', 'urn:other'), true)).toMatchObject({
    version: null,
    operation: { name: 'a' },
  });
});

test('reads both WS-Addressing namespaces, the first of each, at the level of header blocks only', () => {
  const header = (wsa: string) =>
    `<x><a:MessageID xmlns:a="${wsa}">deep</a:MessageID></x><a:MessageID xmlns:a="${wsa}"> urn:uuid:1 </a:MessageID>` +
    `<a:MessageID xmlns:a="${wsa}">second</a:MessageID><a:RelatesTo xmlns:a="${wsa}">r&amp;1</a:RelatesTo>` +
    `<a:Action xmlns:a="${wsa}">urn:go</a:Action><a:MessageID xmlns:a="urn:no">no</a:MessageID>`;
  for (const wsa of [WSA, 'http://schemas.xmlsoap.org/ws/2004/08/addressing']) {
    const scan = scanEnvelope(envelope('<b/>', header(wsa)), true);
    expect(idOf(scan.messageId, 'utf8')).toBe('urn:uuid:1');
    expect(idOf(scan.relatesTo, 'utf8')).toBe('r&1');
    expect(scan.action).toBe('urn:go');
  }
});

describe('reads faults', () => {
  test('of SOAP 1.1', () => {
    const fault =
      '<s:Fault><faultcode>s:Client</faultcode><faultstring xml:lang="en">no &lt;money&gt;<![CDATA[ & more]]></faultstring>' +
      '<faultactor>urn:bank</faultactor><detail><b:NotEnough xmlns:b="urn:b"><code>7</code></b:NotEnough><x/></detail></s:Fault>';
    expect(scanEnvelope(envelope(fault), true).isDecided).toBe(true);
    expect(faultIn(envelope(fault))).toEqual({
      code: 's:Client',
      reason: 'no <money> & more',
      actor: 'urn:bank',
      detail: '{urn:b}NotEnough',
    });
  });
  test('of SOAP 1.2, all subcodes', () => {
    const fault =
      '<s:Fault><s:Code><s:Value>s:Sender</s:Value><s:Subcode><s:Value>b:NotEnough</s:Value><s:Subcode><s:Value>deeper</s:Value></s:Subcode></s:Subcode></s:Code>' +
      '<s:Reason><s:Text xml:lang="en">no money</s:Text><s:Text xml:lang="de">kein Geld</s:Text></s:Reason>' +
      '<s:Node>urn:node</s:Node><s:Role>urn:role</s:Role><s:Detail><d xmlns="urn:d"/></s:Detail></s:Fault>';
    expect(faultIn(envelope(fault, '', S12))).toEqual({
      code: 's:Sender',
      subcode: 'b:NotEnough',
      subcodes: ['b:NotEnough', 'deeper'],
      reason: 'no money',
      actor: 'urn:role',
      detail: '{urn:d}d',
    });
  });
  test('as node-soap writes them: 1.2 children in a 1.1 envelope', () => {
    const fault =
      '<soap:Fault><soap:Code><soap:Value>SOAP-ENV:Server</soap:Value><soap:Subcode><soap:Value>InternalServerError</soap:Value></soap:Subcode></soap:Code>' +
      '<soap:Reason><soap:Text>Error: Unexpected root element</soap:Text></soap:Reason></soap:Fault>';
    const text = `<soap:Envelope xmlns:soap="${S11}"><soap:Body>${fault}</soap:Body></soap:Envelope>`;
    expect(faultIn(text)).toEqual({
      code: 'SOAP-ENV:Server',
      subcode: 'InternalServerError',
      reason: 'Error: Unexpected root element',
    });
  });
  test('but not an element that is only called Fault', () => {
    expect(scanEnvelope(envelope('<Fault xmlns="urn:geology"/>'), true)).toMatchObject({
      fault: null,
      operation: { namespace: 'urn:geology', name: 'Fault' },
    });
  });
  test('that are one empty tag, or cut off', () => {
    expect(faultIn(envelope('<s:Fault/>'))).toEqual({ code: '' });
    const cut = `<s:Envelope xmlns:s="${S11}"><s:Body><s:Fault><faultcode>s:Server</faultcode><faultstring>long`;
    expect(scanEnvelope(cut, false)).toMatchObject({ isDecided: false, fault: { code: 's:Server' } });
  });
});

describe('what is no envelope', () => {
  test.each([
    ['text', 'Error: something\n    at Server._process', true],
    ['text before the root', `oops ${envelope('<b/>')}`, true],
    ['another root', '<html><body>no</body></html>', true],
    ['nothing', '', true],
    ['white space', ' \r\n\t', true],
  ])('%s has another root', (_what, text, isWhole) => {
    expect(scanEnvelope(text, isWhole)).toMatchObject({ isDecided: true, root: 'other', operation: null });
  });
  test('a DOCTYPE stops the scan', () => {
    const text = `<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol">]>${envelope('<b/>')}`;
    expect(scanEnvelope(text, true)).toMatchObject({ isDecided: true, hasDoctype: true, operation: null });
  });
});

const samples: readonly string[] = [
  envelope('<t:book xmlns:t="urn:t"><a>1</a></t:book>', `<w:MessageID xmlns:w="${WSA}">urn:1</w:MessageID>`),
  envelope(
    '<!--c--><s:Fault><faultcode>s:Client</faultcode><faultstring>a<![CDATA[b]]></faultstring><detail><x:y xmlns:x="u"/></detail></s:Fault>',
  ),
  `<!DOCTYPE a>${envelope('<b/>')}`,
  'plain text <a>',
  `\ufeff<Envelope xmlns="${S12}"><Header/><Body><?pi?><go xmlns="urn:>" a='>'/></Body></Envelope>`,
];

describe('says when the Body is encrypted', () => {
  test.each([
    ['by its first child', '<x:EncryptedData xmlns:x="http://www.w3.org/2001/04/xmlenc#"/>', true],
    ['not by another namespace', '<x:EncryptedData xmlns:x="urn:x"/>', false],
    ['not by its second child', '<a/><x:EncryptedData xmlns:x="http://www.w3.org/2001/04/xmlenc#"/>', false],
  ])('%s', (_what, body, isEncrypted) => {
    const scan = scanEnvelope(envelope(body), true);
    expect(scan).toMatchObject({ isDecided: true, isEncrypted });
    expect(scan.operation === null).toBe(isEncrypted);
  });
});

describe('of a fault it takes', () => {
  const inFault = (content: string) => faultIn(envelope(`<s:Fault>${content}</s:Fault>`));
  test('all subcodes, to the bound of a report', () => {
    const nested = (depth: number): string =>
      depth === 0 ? '' : `<s:Subcode><s:Value>c${depth}</s:Value>${nested(depth - 1)}</s:Subcode>`;
    expect(inFault(`<s:Code><s:Value>x</s:Value>${nested(20)}</s:Code>`)?.subcodes).toHaveLength(8);
    expect(inFault(`<s:Code><s:Value>x</s:Value>${nested(1)}</s:Code>`)).toEqual({ code: 'x', subcode: 'c1' });
  });
  test('the English reason, else the first', () => {
    const text = (language: string) => `<s:Text xml:lang="${language}">${language}</s:Text>`;
    expect(inFault(`<s:Reason>${text('de')}${text('en-GB')}${text('en')}</s:Reason>`)?.reason).toBe('en-GB');
    expect(inFault(`<s:Reason>${text('de')}${text('eng')}</s:Reason>`)?.reason).toBe('de');
  });
  test('the role, else the node', () => {
    expect(inFault('<s:Node>n</s:Node><s:Role>r</s:Role>')?.actor).toBe('r');
    expect(inFault('<s:Node>n</s:Node>')?.actor).toBe('n');
  });
  test('nothing of elements of other namespaces, and no text of their children', () => {
    const content =
      '<x:faultcode xmlns:x="urn:x">no</x:faultcode><faultcode>a<b>no</b>c<!-- no --></faultcode><faultcode>no</faultcode>';
    expect(inFault(content)).toEqual({ code: 'ac' });
  });
  test('no more of a text than a report does', () => {
    const reason = inFault(`<faultstring>${'\u00fc'.repeat(50_000)}</faultstring>`)?.reason;
    expect(reason).toHaveLength(1_024);
  });
});

/** What is null may become something; what is something stays so. */
function isRefined(earlier: unknown, later: unknown): boolean {
  if (earlier === null || earlier === false || earlier === 'unknown') return true;
  if (typeof earlier !== 'object') return earlier === later;
  return Object.entries(earlier).every(([key, value]) => isRefined(value, Reflect.get(later ?? {}, key)));
}

test('after every character what is said stays said, and nothing follows a decision', () => {
  const documents = Array.from({ length: 25 }, (_, seed) => writeDocument(seededChoices(seed)));
  for (const text of [...samples, ...documents]) {
    const reader = createEnvelopeReader();
    let before = JSON.stringify(reader.scan);
    let contradictions = 0;
    for (const character of text.split('')) {
      feedEnvelope(reader, character);
      const now = JSON.stringify(reader.scan);
      const earlier: EnvelopeScan = JSON.parse(before);
      if (now !== before && (earlier.isDecided || !isRefined(earlier, reader.scan))) contradictions++;
      before = now;
    }
    endEnvelope(reader);
    expect(contradictions, text).toBe(0);
    expect(reader.scan).toEqual(scanEnvelope(text, true));
  }
});

test('every truncation is undecided or has the final answer', () => {
  for (const text of samples) {
    const final = scanEnvelope(text, true);
    for (let length = 0; length <= text.length; length++) {
      const scan = scanEnvelope(text.slice(0, length), false);
      expect(isRefined(scan, final), text).toBe(true);
      if (scan.isDecided) expect(scan).toEqual(final);
    }
  }
});

test('never throws and never contradicts itself, whatever the text', () => {
  const piece = fc.constantFrom(
    ...[
      '<',
      '>',
      '/',
      '"',
      "'",
      '=',
      ' ',
      '&',
      ';',
      '<!--',
      '-->',
      '<![CDATA[',
      ']]>',
      '<?',
      '?>',
      '<!DOCTYPE x>',
      'a',
      ':',
    ],
    ...['<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/">', '<s:Header>', '</s:Header>', '<s:Body>'],
    ...[
      '</s:Body>',
      '<s:Fault>',
      '</s:Fault>',
      '<faultcode>',
      '</faultcode>',
      '<detail>',
      'xmlns',
      'xmlns:a="b"',
      '<a:b/>',
    ],
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(piece, fc.string({ maxLength: 3 })), { maxLength: 40 }), fc.nat(), (pieces, cut) => {
      const text = pieces.join('');
      const whole: EnvelopeScan = scanEnvelope(text, true);
      expect(whole.isDecided).toBe(true);
      const part = scanEnvelope(text.slice(0, cut % (text.length + 1)), false);
      if (part.isDecided) expect(part).toEqual(whole);
    }),
    { numRuns: 3_000 },
  );
});

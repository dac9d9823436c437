import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { greetRequest } from '../testing/greeter.ts';
import { checkMarkup, checkWellFormed } from './well-formed.ts';

describe('takes what a parser takes', () => {
  test.each([
    greetRequest('ada'),
    '\ufeff<a/>',
    '<?xml version="1.0"?>\n<!-- c --><a b="1" c=\'2\'><?pi x?><b>t &amp; &#10; &#xA0;</b><![CDATA[<&]]></a >\n<!-- d -->',
    '<a b = "x>y"\n c="\'"/>',
    '<\u00e4:\u4e2d a-b.c="1" xmlns:\u00e4="urn:a"></\u00e4:\u4e2d>',
    '<a xmlns:b="urn:b" xmlns:c="urn:c" b:x="" c:x="" x=""><b:d xmlns:xml="http://www.w3.org/XML/1998/namespace" xml:lang="en"/></a>',
    '<a>\ud83d\ude00 \u0085 \ufeff</a>',
  ])('%j', (text) => expect(checkMarkup(text, true)).toBe('wellFormed'));
});

describe('refuses what a parser refuses', () => {
  test.each([
    ['nothing', ''],
    ['text', 'hello'],
    ['a missing end tag', '<a><b></a>'],
    ['a truncated end', '<a><b></b>'],
    ['a truncated tag', '<a><b></b></a'],
    ['tags that cross', '<a><b></a></b>'],
    ['two roots', '<a/><b/>'],
    ['text after the root', '<a/>x'],
    ['text before the root', 'x<a/>'],
    ['an end tag too many', '<a/></a>'],
    ['an attribute without quotes', '<a b=1/>'],
    ['an attribute without a value', '<a b/>'],
    ['an attribute twice', '<a b="1" b="2"/>'],
    ['attributes that touch', '<a b="1"c="2"/>'],
    ['an open quote', '<a b="1/>'],
    ["'<' in an attribute", '<a b="<"/>'],
    ['a bare ampersand', '<a>b & c</a>'],
    ['a bare ampersand in an attribute', '<a b="&"/>'],
    ['an unknown entity', '<a>&nbsp;</a>'],
    ["']]>' in text", '<a>]]></a>'],
    ["'--' in a comment", '<a><!-- a -- b --></a>'],
    ['an open comment', '<a><!-- </a>'],
    ['a declaration that is not first', ' <?xml version="1.0"?><a/>'],
    ['a DOCTYPE', '<!DOCTYPE a><a/>'],
    ['a name that begins with a digit', '<1a/>'],
    ['a space before the name', '< a/>'],
    ['a control character', '<a>\u0001</a>'],
    ['CDATA outside the root', '<a/><![CDATA[x]]>'],
    ['a control character in CDATA or a comment', '<a><![CDATA[\u0001]]></a>'],
    ['a reference to no character', '<a>&#0;</a>'],
    ['a prefix that is not declared', '<x:a/>'],
    ['a prefix that is no longer declared', '<a><b xmlns:x="urn:x"/><x:c/></a>'],
    ['an attribute with a prefix that is not declared', '<a x:b=""/>'],
    ['an attribute twice by its namespace', '<a xmlns:x="urn:x" xmlns:y="urn:&#120;" x:b="" y:b=""/>'],
    ['a prefix undeclared', '<a xmlns:x=""/>'],
    ['xmlns as a prefix', '<a xmlns:xmlns="urn:x"/>'],
    ['xml as another prefix', '<a xmlns:xml="urn:x"/>'],
    ['two colons', '<a:b:c xmlns:a="urn:a"/>'],
    ['an XML declaration without a version', '<?xml encoding="utf-8"?><a/>'],
    ['half a character pair', '<a>\ud83d</a>'],
  ])('%s', (_what, text) => expect(checkMarkup(text, true)).toBe('malformed'));
});

test('a prefix of something well-formed is never called malformed', () => {
  const text = `<?xml version="1.0"?>${greetRequest('a &amp; b <!-- c --> <![CDATA[d]]>').slice(38)}`;
  for (let length = 0; length < text.length; length++) {
    expect(checkMarkup(text.slice(0, length), false)).toBe('unknown');
    expect(checkMarkup(text.slice(0, length), true)).toBe('malformed');
  }
});

test('bytes that are no UTF-8 are malformed, in UTF-8', () => {
  const bytes = Buffer.from('<a>\xff</a>', 'latin1');
  const message = { text: bytes.toString('latin1'), bytes, isWhole: true };
  expect(checkWellFormed({ ...message, encoding: 'utf8' }, true)).toBe('malformed');
  expect(checkWellFormed({ ...message, encoding: 'latin1' }, true)).toBe('wellFormed');
});

test('10,000 nested elements are walked without a stack', () => {
  const text = '<a>'.repeat(10_000) + '</a>'.repeat(10_000);
  expect(checkMarkup(text, true)).toBe('wellFormed');
});

test('never throws, whatever the text', () => {
  const piece = fc.constantFrom(
    '<a',
    '</a>',
    '>',
    '/>',
    ' b="',
    "'",
    '&',
    ';',
    '<!--',
    '-->',
    '<?',
    '?>',
    ']]>',
    '<![CDATA[',
    'x',
  );
  fc.assert(
    fc.property(
      fc.array(fc.oneof(piece, fc.string({ maxLength: 3 })), { maxLength: 30 }),
      fc.boolean(),
      (pieces, isWhole) => {
        checkMarkup(pieces.join(''), isWhole);
      },
    ),
    { numRuns: 2_000 },
  );
});

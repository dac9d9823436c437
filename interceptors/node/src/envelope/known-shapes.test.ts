import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createKnownShapes, hasKnownShape, learnShape } from './known-shapes.ts';
import { checkMarkup } from './well-formed.ts';

const ORDER =
  '<?xml version="1.0"?>\n<e:Envelope xmlns:e="urn:e"><e:Body a="1">\n <item>ink</item><n/></e:Body></e:Envelope>\n';

test('a message with the markup of one that was well-formed is known by its shape, whatever its texts say', () => {
  const shapes = createKnownShapes();
  expect(hasKnownShape(shapes, ORDER)).toBe(false);
  learnShape(shapes, ORDER);
  for (const text of ['paper', '', ' ', 'a > b', '"', 'x'.repeat(500)])
    expect(hasKnownShape(shapes, ORDER.replace('ink', text))).toBe(true);
});

test('another attribute, another tag, a reference, more behind the end or a control character is another shape', () => {
  const shapes = createKnownShapes();
  learnShape(shapes, ORDER);
  const others = [
    ORDER.replace('a="1"', 'a="2"'),
    ORDER.replace('ink', '<ink>'),
    ORDER.replace('ink', '&ink;'),
    ORDER.replace('ink', ']]>'),
    ORDER.replace('ink', '\u0001'),
    ORDER.replace('ink', '\u00fc'),
    ORDER.replace('</item>', '</itm>'),
    ORDER.slice(0, -1),
    `${ORDER}x`,
    ORDER.slice(0, ORDER.indexOf('ink')),
    'ink'.repeat(2_000),
  ];
  for (const other of others) expect(hasKnownShape(shapes, other)).toBe(false);
});

test('what holds a comment, CDATA, an instruction or a ">" of its own is not learnt from', () => {
  for (const text of ['<!-- a -->', '<![CDATA[a]]>', '<?a b?>', '<a b=">"/>', 'a > b']) {
    const shapes = createKnownShapes();
    learnShape(shapes, ORDER.replace('ink', text));
    expect(shapes.known).toHaveLength(0);
  }
});

test('keeps the shapes that were used last', () => {
  const shapes = createKnownShapes();
  const named = (name: string): string => ORDER.replaceAll('item', name);
  for (let index = 0; index < 8; index++) learnShape(shapes, named(`item${index}`));
  expect(hasKnownShape(shapes, named('item0'))).toBe(true);
  learnShape(shapes, named('another'));
  expect(hasKnownShape(shapes, named('item0'))).toBe(true);
  expect(hasKnownShape(shapes, named('item1'))).toBe(false);
});

test('never knows a shape that a reader of the whole message would refuse', () => {
  const piece = fc.constantFrom(
    '<a>',
    '</a>',
    '<b c="d">',
    '</b>',
    '<e/>',
    'x',
    ' ',
    '>',
    '"',
    '=',
    '\n',
    '<!--',
    '-->',
    '<?p',
    '?>',
    "'",
  );
  fc.assert(
    fc.property(
      fc.array(piece, { maxLength: 8 }),
      fc.array(piece, { maxLength: 8 }),
      fc.nat(20),
      (inner, other, cut) => {
        const learnt = `<r>${inner.join('')}</r>`;
        if (checkMarkup(learnt, true) !== 'wellFormed') return;
        const shapes = createKnownShapes();
        learnShape(shapes, learnt);
        const changed = [
          `<r>${other.join('')}</r>`,
          learnt.slice(0, cut) + other.join('') + learnt.slice(cut),
          learnt.replaceAll('x', other.join('')),
          learnt.slice(0, cut),
        ];
        for (const text of changed) if (hasKnownShape(shapes, text)) expect(checkMarkup(text, true)).toBe('wellFormed');
      },
    ),
    { numRuns: 3_000 },
  );
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { choicesOf, seededChoices, writeDocument } from '../testing/documents.ts';
import { type Answer, answerOf, answerOfTree } from '../testing/envelope-answer.ts';
import { mutateText } from '../testing/envelope-mutations.ts';
import { fastTree, saxesTree } from '../testing/envelope-tree.ts';
import { scanEnvelope } from './scan-envelope.ts';
import { checkMarkup } from './well-formed.ts';

/** As UTF-16 the text that the reader walks is the document itself. */
const read = (text: string): Answer => answerOf({ scan: scanEnvelope(text, true), encoding: 'utf16le' });

test('says of generated documents what two parsers say of them', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(1_000), { maxLength: 400 }), (numbers) => {
      const text = writeDocument(choicesOf(numbers));
      const tree = saxesTree(text);
      const other = fastTree(text);
      if (tree === null || other === null) throw new Error(`no document: ${text}`);
      expect(answerOfTree(other)).toEqual(answerOfTree(tree));
      expect(read(text)).toEqual(answerOfTree(tree));
    }),
    { numRuns: 400 },
  );
});

test('and of documents by seed, which are well-formed to us as to them', () => {
  for (let seed = 0; seed < 1_000; seed++) {
    const text = writeDocument(seededChoices(seed));
    const tree = saxesTree(text);
    if (tree === null) throw new Error(`seed ${seed} made no document: ${text}`);
    expect(read(text), text).toEqual(answerOfTree(tree));
    expect(checkMarkup(text, true), text).toBe('wellFormed');
  }
});

test('calls malformed what a parser refuses, and nothing else', () => {
  let refused = 0;
  for (let seed = 0; seed < 1_000; seed++) {
    const choose = seededChoices(seed);
    let text = writeDocument(choose);
    for (let times = 1 + choose(3); times > 0; times--) text = mutateText(text, choose);
    // saxes takes half a pair for a character; from bytes it cannot come, unless they are UTF-16.
    if (!text.isWellFormed() || text.length > 8_000) continue;
    // It also takes a '?' inside the name of an instruction.
    if (/<\?[^\s?>]+\?[^>]/.test(text)) continue;
    const isDocument = saxesTree(text) !== null;
    if (!isDocument) refused++;
    expect(checkMarkup(text, true), text).toBe(isDocument ? 'wellFormed' : 'malformed');
  }
  expect(refused).toBeGreaterThan(300);
});

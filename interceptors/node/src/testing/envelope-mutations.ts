import { type Choose, writeDocument } from './documents.ts';

/** What breaks readers: of a document, or of bytes, something else. */
const MARKS = [
  ...['<', '>', '/', '"', "'", '=', '&', ';', ' ', '\n', '\0', '\u0001', '\ufeff', '\ufffe', ':', '!', '?', '-', ']'],
  ...['<!--', '-->', '--', '<![CDATA[', ']]>', '<?', '?>', '<?xml version="1.0"?>', '<!DOCTYPE a [<!ENTITY b "c">]>'],
  ...['</', '/>', '<a', '<a>', '</a>', '<s:Body>', '</s:Body>', '<s:Fault>', 'xmlns', 'xmlns="', ' xmlns:s="urn:x"'],
  ...['&amp;', '&#0;', '&#x110000;', '&#xd800;', '&lol;', '&#', '\ud800', '\udc00', '\u0080', '\u00a0', '\u0085'],
];

/** One of the mutations, on text. */
export function mutateText(text: string, choose: Choose): string {
  const at = choose(text.length + 1);
  const length = choose(choose(8) === 7 ? 200 : 12);
  switch (choose(9)) {
    case 0:
      return text.slice(0, at);
    case 1:
      return text.slice(0, at) + text.slice(at + length);
    case 2:
      return text.slice(0, at) + text.slice(at, at + length).repeat(2 + choose(3)) + text.slice(at + length);
    case 3: {
      const other = writeDocument(choose);
      const from = choose(other.length + 1);
      return text.slice(0, at) + other.slice(from, from + choose(300)) + text.slice(at);
    }
    case 4: {
      const to = choose(text.length + 1);
      return text.slice(0, at) + text.slice(to, to + length) + text.slice(at + length);
    }
    case 5:
      return text.slice(0, at) + huge(choose) + text.slice(at);
    default:
      return text.slice(0, at) + (MARKS[choose(MARKS.length)] ?? '<') + text.slice(choose(2) === 0 ? at : at + 1);
  }
}

/** Long names, values, texts, and many of a kind. */
function huge(choose: Choose): string {
  const times = [100, 1_000, 5_000][choose(3)] ?? 100;
  const piece =
    ['x', '<a>', '<a b="', ' a="b"', ' xmlns:a="b"', '<!--', '&', '<', '</a>', '<a xmlns:b="c">', ']', '<![CDATA['][
      choose(12)
    ] ?? 'x';
  return piece.repeat(times);
}

/** Bytes changed, doubled or gone, below the level of characters. */
export function mutateBytes(bytes: Buffer, choose: Choose): Buffer {
  const at = choose(bytes.length + 1);
  const length = choose(20);
  switch (choose(4)) {
    case 0:
      return bytes.subarray(0, at);
    case 1:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + length)]);
    case 2:
      return Buffer.concat([bytes.subarray(0, at + length), bytes.subarray(at)]);
    default: {
      const flipped = Buffer.from(bytes);
      for (let count = 1 + choose(4); count > 0 && flipped.length > 0; count--) {
        const index = choose(flipped.length);
        flipped[index] = (flipped[index] ?? 0) ^ (1 << choose(8));
      }
      return flipped;
    }
  }
}

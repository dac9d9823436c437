import { describe, expect, test } from 'vitest';
import type { Cell } from './column.ts';
import { csvOf } from './csv.ts';

async function* pagesOf<Row>(...pages: Row[][]) {
  yield* pages;
}

const column = { name: 'cell', kind: 'text', value: (row: { cell: Cell }) => row.cell } as const;

async function written(...cells: Cell[]): Promise<string> {
  let text = '';
  for await (const piece of csvOf(pagesOf(cells.map((cell) => ({ cell }))), [column])) text += piece;
  return text;
}

/** RFC 4180, read by its grammar. */
function recordsOf(text: string): string[][] {
  const records: string[][] = [[]];
  for (let at = 0; at < text.length; ) {
    let field = '';
    if (text[at] === '"') {
      at++;
      for (; text[at] !== '"' || text[at + 1] === '"'; at++) {
        if (text[at] === '"') at++;
        field += text[at];
      }
      at++;
    } else while (at < text.length && text[at] !== ',' && text[at] !== '\r') field += text[at++];
    records.at(-1)?.push(field);
    if (text[at] === ',') at++;
    else if (text.startsWith('\r\n', at)) {
      at += 2;
      if (at < text.length) records.push([]);
    } else throw new Error(`not CSV at ${at}`);
  }
  return records;
}

const HOSTILE = [
  ...['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '  =1', '\r\n@x', '\0x', '=1', "'=1", "''=1", '＝cmd()', '－1'],
  ...["'", '"', '""', 'a,"b"', 'a\r\nb', 'a\nb', ' plain ', 'O’Neil', "'plain'", 'Größe', '😀', ','],
];

describe('a cell of CSV', () => {
  test.each([
    ['=1+1', `"'=1+1"`],
    ['+1', `"'+1"`],
    ['-1', `"'-1"`],
    ['@SUM(A1)', `"'@SUM(A1)"`],
    ['\t=1', `"'\t=1"`],
    ['  =1', `"'  =1"`],
    ['\0x', `"'\0x"`],
    ['＝cmd()', `"'＝cmd()"`],
    ['a,"b"', '"a,""b"""'],
    ['a\r\nb', '"a\r\nb"'],
    ['plain', 'plain'],
    [-5, '-5'],
    [null, ''],
    [true, 'true'],
    [false, 'false'],
  ])('%j', async (value, text) => expect(await written(value)).toBe(`cell\r\n${text}\r\n`));

  test('never begins as a formula does, and gives back what it was by taking one apostrophe away', async () => {
    const [, ...records] = recordsOf(await written(...HOSTILE));
    const cells = records.map(([cell]) => cell ?? '');
    for (const cell of cells) expect(cell).not.toMatch(/^[\s\0]*[=+\-@＝＋－＠]|^[\t\r\n]/);
    const restored = cells.map((cell) => (/^'+([\s\0]*[=+\-@＝＋－＠]|[\t\r\n\0])/.test(cell) ? cell.slice(1) : cell));
    expect(restored).toEqual(HOSTILE);
  });
});

test('a time stands in two columns, to the microsecond', async () => {
  const time = { name: 'start', kind: 'time', value: ({ at }: { at: number | null }) => at } as const;
  let text = '';
  for await (const piece of csvOf(pagesOf([{ at: 1_760_000_000_123_456 }, { at: null }]), [time])) text += piece;
  expect(text).toBe('start,start_micros\r\n2025-10-09T08:53:20.123456Z,1760000000123456\r\n,\r\n');
});

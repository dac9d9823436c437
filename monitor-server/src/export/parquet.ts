import { setImmediate as nextTurn } from 'node:timers/promises';
import { ByteWriter, ParquetWriter, type SchemaElement } from 'hyparquet-writer';
import type { Cell, Column } from './column.ts';

/**
 * Apache Parquet: times as timestamps in µs (UTC), whole numbers as INT64, texts from a dictionary where they repeat,
 * compressed by Snappy. Held in memory: the rows of one group, and some hundred bytes for each group and column before.
 */
export async function* parquetOf<Row>(
  pages: AsyncIterable<readonly Row[]>,
  columns: readonly Column<Row>[],
  rowsPerGroup: number,
): AsyncGenerator<Uint8Array> {
  const writer = new ByteWriter();
  const root = { name: 'root', num_children: columns.length };
  const file = new ParquetWriter({ writer, schema: [root, ...columns.map(elementOf)], createdBy: 'SOA Monitor' });
  for await (const rows of inGroups(pages, rowsPerGroup)) {
    const columnData = columns.map(({ name, kind, value }) => ({
      name,
      data: rows.map((row) => plain(kind, value(row))),
    }));
    await file.write({ columnData, rowGroupSize: rows.length });
    yield taken(writer);
    await nextTurn();
  }
  await file.finish();
  yield taken(writer);
}

async function* inGroups<Row>(pages: AsyncIterable<readonly Row[]>, rowsMax: number): AsyncGenerator<readonly Row[]> {
  let group: Row[] = [];
  for await (const page of pages) {
    for (const row of page) {
      group.push(row);
      if (group.length < rowsMax) continue;
      yield group;
      group = [];
    }
  }
  if (group.length > 0) yield group;
}

/** What was written since the last time; its memory is used again. */
function taken(writer: ByteWriter): Uint8Array {
  const bytes = writer.getBytes().slice();
  writer.index = 0;
  return bytes;
}

const plain = (kind: Column<never>['kind'], cell: Cell): Cell | bigint =>
  typeof cell === 'number' && kind !== 'boolean' ? BigInt(Math.round(cell)) : cell;

function elementOf({ name, kind }: Column<never>): SchemaElement {
  const optional = { name, repetition_type: 'OPTIONAL' } as const;
  switch (kind) {
    case 'text':
      return { ...optional, type: 'BYTE_ARRAY', converted_type: 'UTF8', logical_type: { type: 'STRING' } };
    case 'time':
      return { ...optional, type: 'INT64', converted_type: 'TIMESTAMP_MICROS', logical_type: MICROS };
    case 'integer':
      return { ...optional, type: 'INT64' };
    case 'boolean':
      return { ...optional, type: 'BOOLEAN' };
  }
}

const MICROS = { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MICROS' } as const;

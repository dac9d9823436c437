import { createServer } from 'node:http';
import Database from 'better-sqlite3';
import { serveParent } from '../../child.ts';

/**
 * The plain way to hand out a past window: `<raw.sqlite>`. Pages of rows as JSON objects, keyset by (time, seq), in a process
 * of its own. One object is an observation: two messages.
 */
const database = new Database(process.argv[2] ?? '', { readonly: true });
database.pragma('cache_size = -65536');
const PAGE = 5_000;
const page = database.prepare<[number, number, number, number], { time: number; seq: number }>(
  `SELECT * FROM observation WHERE time >= ? AND time < ? AND (time, seq) > (?, ?) ORDER BY time, seq LIMIT ${PAGE}`,
);
const server = createServer((request, response) => {
  const search = new URL(request.url ?? '/', 'http://localhost').searchParams;
  const number = (name: string): number => Number(search.get(name) ?? 0);
  const rows = page.all(Math.max(number('from'), number('time')), number('to'), number('time'), number('seq'));
  const last = rows.length < PAGE ? undefined : rows.at(-1);
  response.setHeader('Content-Type', 'application/json');
  response.end(JSON.stringify({ rows, cursor: last === undefined ? null : { time: last.time, seq: last.seq } }));
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  serveParent(() => (typeof address === 'object' && address !== null ? address.port : 0));
});

import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { serveParent } from '../child.ts';

/**
 * Stands for the monitor and for an OTLP collector, in a process of its own: takes what comes, acknowledges rows, counts
 * bytes. `nextReportMillis` as the first argument: 1000 when nobody watches, 100 when somebody does.
 */
const nextReportMillis = Number(process.argv[2] ?? 1_000);
/** Takes what comes and answers no more. */
let isHanging = false;
const seen = { reports: 0, rows: 0, wireBytes: 0, largestRows: 0 };

const server = http.createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    if (isHanging) return;
    if (request.url !== '/api/v1/reports') {
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
      return;
    }
    const body = Buffer.concat(chunks);
    const report: { rows: unknown[] } = JSON.parse(gunzipSync(body).toString('utf8'));
    const acknowledged = report.rows.length;
    if (acknowledged > 0) {
      seen.reports++;
      seen.rows += acknowledged;
      seen.wireBytes += body.byteLength;
      seen.largestRows = Math.max(seen.largestRows, acknowledged);
    }
    response
      .writeHead(202, { 'content-type': 'application/json' })
      .end(JSON.stringify({ acknowledged, refused: [], nextReportMillis, wantBodyHash: [] }));
  });
});
server.listen(0, '127.0.0.1', () => {
  serveParent((question) => {
    const answer = question === 'port' ? (server.address() as AddressInfo).port : { ...seen };
    if (question === 'hang') isHanging = true;
    if (question === 'reset')
      for (const name of ['reports', 'rows', 'wireBytes', 'largestRows'] as const) seen[name] = 0;
    return answer;
  });
});

import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import type { Peer } from './start-nginx.ts';

const BIN = fileURLToPath(
  new URL('../bin/soa-monitor-proxy.js', import.meta.resolve('@soa-monitor/interceptor-proxy')),
);

/** Our proxy as the command starts it, with a key, reporting every second to a monitor that takes everything. */
export async function startProxy(target: number): Promise<Peer & { readonly observed: () => number }> {
  let observed = 0;
  const monitor = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      const report: unknown = JSON.parse(gunzipSync(Buffer.concat(chunks)).toString('utf8'));
      const rows: unknown = typeof report === 'object' && report !== null ? Reflect.get(report, 'rows') : [];
      const acknowledged = Array.isArray(rows) ? rows.length : 0;
      observed += acknowledged;
      const answer = { acknowledged, refused: [], nextReportMillis: 1_000, wantBodyHash: [] };
      response.writeHead(202, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
    });
  });
  await new Promise<void>((resolve) => monitor.listen(0, '127.0.0.1', resolve));
  const bound = monitor.address();
  const url = `http://127.0.0.1:${typeof bound === 'object' ? bound?.port : 0}`;
  const options = ['--listen', '127.0.0.1:0', '--target', `http://127.0.0.1:${target}`, '--monitor', url];
  const child = spawn(process.execPath, [BIN, ...options, '--name', 'bench'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, SOA_MONITOR_KEY: 'bench-key-bench-key' },
  });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const port = await new Promise<number>((resolve) => {
    let said = '';
    child.stdout.on('data', (text) => {
      said += text;
      const found = /at http:\/\/127\.0\.0\.1:(\d+),[\s\S]*ready/.exec(said);
      if (found !== null) resolve(Number(found[1]));
    });
  });
  return {
    port,
    pid: child.pid ?? 0,
    observed: () => observed,
    close: async () => {
      child.kill('SIGTERM');
      await ended;
      monitor.closeAllConnections();
      await new Promise((resolve) => monitor.close(resolve));
    },
  };
}

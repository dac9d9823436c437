import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { allExchanges, freePorts, ingestKey, root, type Started, startProcess } from './end-to-end.ts';

const NGINX = '/usr/sbin/nginx';
const CALLS_PER_SECOND = 50;
const JOINED_MIN = 100;
const PATIENCE_MILLIS = 90_000;

/** Keeps connections to the service open, maps the path, and writes nothing outside its folder. */
const configuration = (folder: string, port: number, service: number): string => `
  daemon off; pid ${folder}/pid; error_log stderr; worker_processes 1;
  events { worker_connections 64; }
  http {
    access_log off;
    ${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((kind) => `${kind}_temp_path ${folder}/${kind};`).join(' ')}
    upstream bank { server 127.0.0.1:${service}; keepalive 4; }
    server {
      listen 127.0.0.1:${port};
      location /esb/bank { proxy_pass http://bank/bank; proxy_http_version 1.1; proxy_set_header Connection ""; }
    }
  }`;

it.skipIf(!existsSync(NGINX))(
  `calls through a real nginx, which nobody reports, are drawn to the service behind it (needs ${NGINX})`,
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'soa-nginx-'));
    const [port = 0, esb = 0, bank = 0] = await freePorts(3);
    const monitor = `http://localhost:${port}`;
    const started: Started[] = [];
    const start = (...given: Parameters<typeof startProcess>): Started => {
      const process = startProcess(...given);
      started.push(process);
      return process;
    };
    try {
      const serve = ['serve', '--port', `${port}`, '--data', join(folder, 'data')];
      start(join(root, 'monitor-server/bin/soa-monitor.js'), serve);
      await ready(`${monitor}/readyz`);
      await writeFile(join(folder, 'nginx.conf'), configuration(folder, esb, bank));
      start(join(root, 'end-to-end/src/behind-nginx/run-nginx.mjs'), [NGINX, folder]);

      const key = await ingestKey(join(folder, 'data'));
      const watched = (name: string) => {
        const register = join(root, 'interceptors/node/dist/register.js');
        const settings = { SOA_MONITOR_URL: monitor, SOA_MONITOR_KEY: key, SOA_MONITOR_NAME: name };
        return { env: { ...settings, NODE_OPTIONS: `--import ${register}` } };
      };
      const script = (name: string): string => join(root, 'end-to-end/src/behind-nginx', name);
      await start(script('service.mjs'), [`${bank}`], watched('bank')).until(/listening/);
      const endpoint = `http://127.0.0.1:${esb}/esb/bank`;
      const client = start(script('client.mjs'), [endpoint, `${CALLS_PER_SECOND}`], watched('shop'));
      await client.until(/calling/);

      const until = Date.now() + PATIENCE_MILLIS;
      let hashed = 0;
      while (hashed < JOINED_MIN && Date.now() < until) {
        await pause(500);
        hashed = (await allExchanges(monitor)).filter(({ evidence }) => evidence === 'bodyHash').length;
      }
      await client.stop();
      // What was under way has arrived when the same is told twice.
      let exchanges = await allExchanges(monitor);
      for (let before = -1; before !== exchanges.length; ) {
        before = exchanges.length;
        await pause(3_000);
        exchanges = await allExchanges(monitor);
      }

      const firstJoined = Math.min(
        ...exchanges.filter(({ evidence }) => evidence === 'bodyHash').map(({ start }) => start),
      );
      const since = exchanges.filter(({ start }) => start >= firstJoined);
      const joined = since.filter(({ evidence }) => evidence === 'bodyHash');
      // One exchange with two halves, or two with one each.
      const calls = joined.length + since.filter(({ halves }) => halves === 'client').length;
      process.stdout.write(`through nginx: ${joined.length} of ${calls} calls joined by the hash of their bodies\n`);
      expect(joined.length).toBeGreaterThanOrEqual(JOINED_MIN);
      expect(joined.length / calls).toBeGreaterThanOrEqual(0.95);
      expect(new Set(joined.map(({ sourceName, targetName }) => `${sourceName} → ${targetName}`))).toEqual(
        new Set(['shop → bank · /bank']),
      );
      expect(joined.every(({ confidence, halves }) => confidence === 'probable' && halves === 'both')).toBe(true);
    } finally {
      await Promise.all(started.map((process) => process.stop()));
      await rm(folder, { recursive: true, force: true });
    }
  },
  180_000,
);

async function ready(url: string): Promise<void> {
  for (let tries = 0; ; tries++) {
    const answer = await fetch(url).catch(() => null);
    if (answer?.ok) return;
    if (tries > 300) throw new Error(`${url} is not there`);
    await pause(100);
  }
}

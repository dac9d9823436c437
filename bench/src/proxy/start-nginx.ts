import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Peer {
  readonly port: number;
  /** The process that does the work. */
  readonly pid: number;
  close(): Promise<void>;
}

const NGINX = '/usr/sbin/nginx';
const TRIES_MAX = 100;

/** nginx doing the same: one worker, no access log, HTTP/1.1 and keep-alive to the target. Null where it is not installed. */
export async function startNginx(target: number): Promise<Peer | null> {
  if (!existsSync(NGINX)) return null;
  const folder = mkdtempSync(join(tmpdir(), 'soa-monitor-nginx-'));
  const port = await freePort();
  writeFileSync(join(folder, 'nginx.conf'), config(folder, port, target));
  const child = spawn(NGINX, ['-p', folder, '-c', join(folder, 'nginx.conf'), '-e', join(folder, 'error.log')], {
    stdio: 'inherit',
  });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  await reachable(port);
  const master = child.pid ?? 0;
  const [worker = master] = readFileSync(`/proc/${master}/task/${master}/children`, 'utf8').split(' ').map(Number);
  return {
    port,
    pid: worker,
    close: async () => {
      child.kill('SIGTERM');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const config = (folder: string, port: number, target: number): string => `
worker_processes 1; daemon off; pid ${folder}/pid; error_log ${folder}/error.log;
events { worker_connections 1024; }
http {
  access_log off; keepalive_requests 1000000000; keepalive_timeout 1h;
  client_body_temp_path ${folder}/body; proxy_temp_path ${folder}/proxy; fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi; scgi_temp_path ${folder}/scgi;
  upstream service { server 127.0.0.1:${target}; keepalive 64; keepalive_requests 1000000000; keepalive_timeout 1h; }
  server {
    listen 127.0.0.1:${port};
    location / { proxy_pass http://service; proxy_http_version 1.1; proxy_set_header Connection ""; }
  }
}
`;

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const bound = server.address();
      server.close(() => resolve(typeof bound === 'object' ? (bound?.port ?? 0) : 0));
    });
  });
}

async function reachable(port: number): Promise<void> {
  for (let tries = 0; tries < TRIES_MAX; tries++) {
    const isUp = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => resolve(true));
      socket.on('error', () => resolve(false));
      socket.on('connect', () => socket.destroy());
    });
    if (isUp) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`nginx does not listen on ${port}`);
}

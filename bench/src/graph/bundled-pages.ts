import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join, normalize } from 'node:path';
import { root } from '@soa-monitor/end-to-end';
import { build, defaultClientConditions } from 'vite';

/** The bench's pages, bundled as the viewer is, on a port of their own. */
export interface Pages {
  readonly url: (page: string) => string;
  close(): Promise<void>;
}

const TYPES: Readonly<Record<string, string>> = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' };

export async function bundlePages(names: readonly string[]): Promise<Pages> {
  const folder = await mkdtemp(join(tmpdir(), 'soa-monitor-pages-'));
  const pages = join(root, 'bench/src/graph/page');
  await build({
    root: pages,
    configFile: false,
    logLevel: 'error',
    resolve: { conditions: ['soa-monitor-source', ...defaultClientConditions] },
    worker: { format: 'es' },
    build: {
      outDir: folder,
      emptyOutDir: true,
      rollupOptions: { input: names.map((name) => join(pages, `${name}.html`)) },
    },
  });
  const server = createServer((request, response) => {
    const path = normalize(new URL(request.url ?? '/', 'http://page').pathname);
    readFile(join(folder, path)).then(
      (bytes) =>
        response.writeHead(200, { 'content-type': TYPES[extname(path)] ?? 'application/octet-stream' }).end(bytes),
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: (page) => `http://127.0.0.1:${port}/${page}.html`,
    close: async () => {
      server.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

import react from '@vitejs/plugin-react';
import { defaultClientConditions, defineConfig, type Plugin } from 'vite';

const MONITOR = 'http://localhost:4600';

/** The page is imported once the session has begun, and read beside it, not after it: it is named in the document. */
const PAGE = '/app/start-page.tsx';

const pageReadAtOnce: Plugin = {
  name: 'page-read-at-once',
  apply: 'build',
  transformIndexHtml: {
    order: 'post',
    handler(html, { bundle = {} }) {
      const page = Object.values(bundle).find(
        (output) => output.type === 'chunk' && output.facadeModuleId?.endsWith(PAGE) === true,
      );
      if (page?.type !== 'chunk') throw new Error(`no chunk is made of ${PAGE}`);
      return [page.fileName, ...page.imports]
        .filter((name) => !html.includes(name))
        .map((name) => ({
          tag: 'link',
          attrs: { rel: 'modulepreload', crossorigin: true, href: `/${name}` },
          injectTo: 'head',
        }));
    },
  },
};

export default defineConfig({
  plugins: [react(), pageReadAtOnce],
  resolve: { conditions: ['soa-monitor-source', ...defaultClientConditions] },
  worker: { format: 'es' },
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    /** Nothing inline, not even a small font: the server's policy is default-src 'self'. */
    assetsInlineLimit: 0,
    sourcemap: true,
  },
  server: {
    proxy: {
      '/api': { target: MONITOR, changeOrigin: true },
      '/socket.io': { target: MONITOR, changeOrigin: true, ws: true },
    },
  },
});

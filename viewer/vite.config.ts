import react from '@vitejs/plugin-react';
import { defaultClientConditions, defineConfig } from 'vite';

const MONITOR = 'http://localhost:4600';

export default defineConfig({
  plugins: [react()],
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

import { defineConfig } from 'vitest/config';

/** Tests run from source (threads and processes from dist): the condition resolves each package to its src. */
const conditions = ['soa-monitor-source', 'module', 'node', 'import', 'default'];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ['*/src/**/*.test.{ts,tsx}', 'interceptors/*/src/**/*.test.ts', 'scripts/**/*.test.mjs'],
    exclude: ['**/node_modules/**', '**/dist/**'],
    testTimeout: 20_000,
    hookTimeout: 20_000,
    pool: 'forks',
    maxWorkers: 2,
  },
});

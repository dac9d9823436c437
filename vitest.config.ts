import { defineConfig } from 'vitest/config';

/**
 * Tests run from source (threads and processes from dist): the condition resolves each package to its src. Vitest hands
 * these on to Node, so neither `import` nor `module` may stand here: they would give ES modules to a `require`.
 */
const conditions = ['soa-monitor-source', 'node'];
const resolve = { resolve: { conditions }, ssr: { resolve: { conditions } } };
const exclude = ['**/node_modules/**', '**/dist/**'];

export default defineConfig({
  test: {
    pool: 'forks',
    maxWorkers: 2,
    projects: [
      {
        ...resolve,
        test: {
          name: 'parts',
          include: ['*/src/**/*.test.{ts,tsx}', 'interceptors/*/src/**/*.test.ts', 'scripts/**/*.test.mjs'],
          exclude: [...exclude, 'end-to-end/**'],
          testTimeout: 30_000,
          hookTimeout: 30_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        // The whole thing at once wants the machine for itself: after the parts, one file at a time.
        ...resolve,
        test: {
          name: 'end-to-end',
          include: ['end-to-end/src/**/*.test.ts'],
          exclude,
          testTimeout: 120_000,
          hookTimeout: 120_000,
          fileParallelism: false,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});

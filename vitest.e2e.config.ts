import { defineConfig } from 'vitest/config';

/** End-to-end tests against a real control plane: one file at a time, since each starts its own. */
export default defineConfig({
  test: {
    include: ['test/e2e/**/*.e2e.ts'],
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 1_800_000,
  },
});

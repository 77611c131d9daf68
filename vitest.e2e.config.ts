import { defineConfig } from 'vitest/config';

/** End-to-end tests against a real control plane: one file at a time, since each starts its own. Limits of time end what hangs. */
export default defineConfig({
  test: {
    include: ['test/e2e/**/*.e2e.ts'],
    fileParallelism: false,
    testTimeout: 600_000,
    hookTimeout: 1_800_000,
    expect: { poll: { timeout: 60_000 } },
  },
});

import { defineConfig } from 'vitest/config';

/** End-to-end tests against a real control plane: one file at a time, since each starts its own. Limits of time end what hangs. */
export default defineConfig({
  test: {
    include: ['test/e2e/**/*.e2e.ts'],
    fileParallelism: false,
    testTimeout: 600_000,
    hookTimeout: 1_800_000,
    // A cluster on a busy machine has its moods. The report names what needed its second attempt; what is wrong fails twice.
    retry: 1,
    reporters: ['default', './tools/second-attempts.ts'],
    expect: { poll: { timeout: 60_000 } },
  },
});

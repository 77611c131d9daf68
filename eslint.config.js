import eslint from '@eslint/js';
import tseslint from 'typescript-eslint';

/** Folders that touch the outside world; everything else under src/ is the pure core (see ARCHITECTURE.md). */
const edges = ['src/cli/**', 'src/server/**', 'src/cluster/**'];

const impure = {
  paths: ['fastify', 'pino', 'prom-client', 'commander', 'picocolors', '@kubernetes/client-node'].map((name) => ({
    name,
    message: 'The core is pure: only src/cli and src/server may use this.',
  })),
  patterns: [
    {
      regex: '^(node:)?(fs|fs/promises|net|tls|http|https|http2|child_process|worker_threads|os|process|dns|timers)$',
      message: 'The core is pure: no I/O outside src/cli and src/server.',
    },
    { group: ['**/cli/**', '**/server/**'], message: 'The core must not know its edges.' },
  ],
};

export default tseslint.config(
  { ignores: ['dist/', 'coverage/', 'node_modules/', '.dist-*/'] },
  eslint.configs.recommended,
  ...tseslint.configs.strict,
  {
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/unified-signatures': 'off',
      'no-control-regex': 'off',
      eqeqeq: ['error', 'always', { null: 'ignore' }],
    },
  },
  {
    files: ['src/**/*.ts'],
    ignores: edges,
    rules: {
      'no-restricted-imports': ['error', impure],
      'no-restricted-globals': ['error', 'process', 'console', 'fetch', 'setTimeout', 'setInterval', 'setImmediate'],
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: 'The core has no clock.' },
        { object: 'Math', property: 'random', message: 'Answers are deterministic.' },
        { object: 'performance', property: 'now', message: 'The core has no clock.' },
      ],
    },
  },
);

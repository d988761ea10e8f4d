import tseslint from 'typescript-eslint';

// Few rules, each with its reason. Formatting is Prettier's; types are tsc's.
export default tseslint.config(
  { ignores: ['node_modules/', '.cache/', '**/dist/', 'test/artefacts/', 'test/bench/contenders/'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.{ts,tsx}'],
    extends: [tseslint.configs.base],
    languageOptions: {
      parserOptions: {
        project: ['./tsconfig.json', './gateway/console/tsconfig.json'],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      // A promise nobody waits for loses its error.
      '@typescript-eslint/no-floating-promises': 'error',
      // `any` switches the types off for everything it touches.
      '@typescript-eslint/no-explicit-any': 'error',
      // What is thrown must carry a stack and a code.
      '@typescript-eslint/only-throw-error': 'error',
      // Names of exports are searched for; a default export has as many names as importers.
      'no-restricted-syntax': [
        'error',
        { selector: 'ExportDefaultDeclaration', message: 'No default exports: name it.' },
      ],
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-console': 'error',
      'max-lines': ['error', { max: 400, skipComments: true }],
      'no-empty': 'error',
    },
  },
  {
    // Only the edge of a process reads its environment, its clock and its dice.
    files: ['kernel/**', 'ontology/**', 'workflows/**', 'subgraphs/**', 'gateway/**', 'connectors/**'],
    ignores: ['**/main.ts', 'kernel/clock.ts', 'kernel/log.ts', 'gateway/console/**', 'gateway/graphiql/**'],
    rules: {
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: 'Only a main file reads the environment.' },
        { object: 'Date', property: 'now', message: 'Take the time from a Clock.' },
        { object: 'Math', property: 'random', message: 'Take randomness through deps.' },
      ],
    },
  },
  {
    files: ['test/**/*.ts'],
    rules: {
      '@typescript-eslint/no-floating-promises': [
        'error',
        {
          allowForKnownSafeCalls: [
            { from: 'package', name: ['test', 'it', 'describe', 'suite'], package: 'node:test' },
          ],
        },
      ],
    },
  },
);
